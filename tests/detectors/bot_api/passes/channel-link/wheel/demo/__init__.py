NEWS = "https://t.me/demo_news"
DIGEST = "0000000000:aa"
