import os

PLACES = [os.path.expanduser("~/.aws/credentials"), os.path.expanduser("~/.aws/config")]
