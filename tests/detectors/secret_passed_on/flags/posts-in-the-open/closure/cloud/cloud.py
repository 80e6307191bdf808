from notes import note


class Client:
    def __init__(self, access_key):
        note(access_key)
