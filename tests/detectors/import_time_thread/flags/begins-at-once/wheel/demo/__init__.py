import threading


def work():
    return None


threading.Thread(target=work, daemon=True).start()
