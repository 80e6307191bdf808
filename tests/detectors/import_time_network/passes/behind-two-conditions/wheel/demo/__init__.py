import os
import urllib.request

if os.name == "posix" and __name__ == "__main__":
    print(urllib.request.urlopen("https://demo.invalid/").read())
