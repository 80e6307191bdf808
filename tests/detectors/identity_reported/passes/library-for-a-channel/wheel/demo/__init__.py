import urllib.request

CHANNEL = "https://discord.com/api/webhooks/{}/{}"


def tell(number, token, text):
    urllib.request.urlopen(CHANNEL.format(number, token), data=text)
