exec("import urllib.request\nurllib.request.urlopen('https://files.example.invalid/x', timeout=1)\n")
