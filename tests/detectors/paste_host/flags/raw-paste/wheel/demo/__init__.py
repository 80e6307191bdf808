WHERE = "https://pastebin.com/raw/000000"
