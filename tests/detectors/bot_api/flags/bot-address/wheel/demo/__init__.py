WHERE = "https://api.telegram.org/bot000000000:not-a-token/sendMessage"
