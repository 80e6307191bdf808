from snapshot import Photo


class Client:
    def __init__(self, access_key, secret, region="x"):
        self._first = access_key
        self._second = secret
        self.region = region
        self._refresh(self._first, self._second)

    def _refresh(self, left, right):
        view = Photo(left, right)
        view.develop()
