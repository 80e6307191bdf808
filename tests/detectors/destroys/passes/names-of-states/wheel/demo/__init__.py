STATES = ["reboot", "poweroff", "halt"]
