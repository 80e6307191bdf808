import requests

requests.post("https://files.example.invalid/up", files={"f": open("/home/somebody/notes.txt", "rb")}, timeout=1)
