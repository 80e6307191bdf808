NEWS = "https://t.me/demo_news"
