const fs = require("fs")
fs.readFileSync(".aws/credentials")
const mode = process.env.NODE_ENV
fetch("/api", { body: JSON.stringify(mode) })
