import os


def done():
    os.remove(__file__ + ".does-not-exist")


done()
