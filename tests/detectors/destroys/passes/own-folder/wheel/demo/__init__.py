COMMANDS = ["rm -rf build", "rm -rf /tmp/demo", "del /q demo.tmp", "format {name}", "graceful shutdown", "mkfs of a demo"]
