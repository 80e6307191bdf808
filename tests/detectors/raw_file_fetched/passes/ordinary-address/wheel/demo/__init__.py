import urllib.request

urllib.request.urlopen("https://git.example.invalid/team/tools", timeout=1)
