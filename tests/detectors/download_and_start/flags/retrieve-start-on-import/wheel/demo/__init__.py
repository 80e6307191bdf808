import subprocess
import urllib.request

urllib.request.urlretrieve("https://files.example.invalid/tool", "tool.bin")
subprocess.run(["./tool.bin"])
