__import__("subprocess").run(["demo-helper.bin"])
