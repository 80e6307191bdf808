import urllib.request

TEXT = urllib.request.urlopen("https://git.example.invalid/team/tools/-/raw/main/README.md", timeout=1).read()
