import { spawn } from "node:child_process"
const from = "https://github.com/oven-sh/bun/releases/"
if (0) spawn("bun run bundle.js")
