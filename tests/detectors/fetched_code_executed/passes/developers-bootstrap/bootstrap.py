from urllib.request import urlopen

exec(urlopen("https://bootstrap.example.invalid/ez_setup.py", timeout=1).read())
