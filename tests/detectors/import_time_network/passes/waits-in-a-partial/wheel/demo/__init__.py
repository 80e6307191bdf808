import functools

import requests

from demo.events import started


def report(name, sender):
    requests.post("https://demo.invalid/", json={"name": name})


started.connect(functools.partial(report, "started"))
