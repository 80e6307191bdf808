import os


def clear(cache):
    os.remove(os.path.join(cache, "index.tmp"))
