from service import Service


class Wrapper:
    def __init__(self, api_key):
        self.service = Service(api_key=api_key)
