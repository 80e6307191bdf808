import os

KEY = os.path.expanduser("~/.ssh/id_rsa")
CLOUD = os.path.join(os.path.expanduser("~"), ".aws/credentials")
