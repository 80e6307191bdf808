WHERE = "https://cdn.discordapp.com/attachments/0/0/x.bin"
