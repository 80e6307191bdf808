SOURCE = "https://github.com/oven-sh/bun/releases/download/v1/bun.zip"
