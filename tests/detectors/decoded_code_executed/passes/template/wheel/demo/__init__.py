import base64

ICON = base64.b64decode("R0lGODlhAQABAAAAACw=")
TEMPLATE = """
class {name}:
    pass
"""


def make(name):
    scope = {}
    exec(TEMPLATE.format(name=name), scope)
    return scope[name]
