import platform
import urllib.request

KIND = f"{platform.system()}-{platform.machine()}"


def fetch():
    return urllib.request.urlopen(f"https://builds.example.invalid/{KIND}", timeout=1)
