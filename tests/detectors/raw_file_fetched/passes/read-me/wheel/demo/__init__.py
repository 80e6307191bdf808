import urllib.request

TEXT = urllib.request.urlopen("https://raw.githubusercontent.com/demo/demo/main/README.md", timeout=1).read()
