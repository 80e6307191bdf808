exec("import urllib.request\nprint 'fetching'\nurllib.request.urlopen('https://files.example.invalid/x', timeout=1)\n")
