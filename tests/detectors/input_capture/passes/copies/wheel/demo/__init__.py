import pyperclip


def share(text):
    pyperclip.copy(text)
