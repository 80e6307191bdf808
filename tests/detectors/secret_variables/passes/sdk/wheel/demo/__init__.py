import os

DEBUG = os.environ.get("DEMO_DEBUG", "")


class Client:
    def __init__(self, key=None):
        self.key = key or os.environ["OPENAI_API_KEY"]
