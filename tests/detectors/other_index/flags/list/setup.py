import subprocess
import sys

subprocess.run([sys.executable, "-m", "pip", "install", "--extra-index-url", "https://index.invalid/simple", "helper"])
