COMMUNITY = "https://discord.com/invite/demo"
HELP = "https://api.slack.com/messaging/webhooks"
