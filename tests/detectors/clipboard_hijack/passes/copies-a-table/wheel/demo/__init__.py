import pyperclip


def export(rows):
    pyperclip.copy("\n".join(map(str, rows)))
