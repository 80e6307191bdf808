import getpass
import urllib.request

CHANNEL = "https://discord.com/api/webhooks/100000000000000000/none"


def who():
    return getpass.getuser()


def tell(channel, text):
    urllib.request.urlopen(channel, data=text)
