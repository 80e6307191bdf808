HELP = "Like https://discord.com/api/webhooks/12345/abcdef"
