import os

os.environ["PIP_INDEX_URL"] = "https://index.invalid/simple"
