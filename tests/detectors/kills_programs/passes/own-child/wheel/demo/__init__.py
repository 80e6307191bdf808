TEXT = "taskkill is not found; the child process is killed by its handle"


def stop(process):
    process.terminate()
