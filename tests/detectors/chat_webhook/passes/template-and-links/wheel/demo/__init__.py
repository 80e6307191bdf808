COMMUNITY = "https://discord.com/invite/demo"
TEMPLATE = "https://discord.com/api/webhooks/{id}/{token}"
HELP = "https://api.slack.com/messaging/webhooks"
