WHERE = "https://discord.com/api/webhooks/000000000000000000/not-a-token"
