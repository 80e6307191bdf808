import sys
import urllib.request

sys.argv.append("--update")
if "--update" in sys.argv:
    urllib.request.urlopen("https://files.example.invalid/version", timeout=1)
