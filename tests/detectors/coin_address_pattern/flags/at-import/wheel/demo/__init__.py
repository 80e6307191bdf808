import re

ADDRESS = re.compile("^0x[a-fA-F0-9]{40}$")
