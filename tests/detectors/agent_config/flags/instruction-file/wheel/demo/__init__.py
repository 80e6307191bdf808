PLACE = "/home/somebody/.claude/settings.json"
