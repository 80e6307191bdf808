import urllib.request

urllib.request.urlretrieve("https://files.example.invalid/tool", "tool.bin")
