SERVICE = "https://pastebin.com/api/api_post.php"
RAW = "https://pastebin.com/raw/"


def address(key):
    return f"https://rentry.co/{key}/raw"
