from .tests import colours


def reset():
    colours.restore()
