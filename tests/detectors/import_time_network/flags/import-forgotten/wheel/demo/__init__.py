import request

requests.get("https://files.example.invalid/x", timeout=1)
