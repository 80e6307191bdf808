"""How a stolen secret travels where nobody calls the helper by its name: Python does, later or around. All inert."""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.campaign import IMPORTS, SKYCLOUD, SOURCE, Campaign, Edit
from tests.support.travels import FUNCTION, KEPT, passed, source

#: By what makes the call.
DETOURS: Mapping[str, Campaign] = {
    "a context manager": passed(
        "with DriftChecker(KEY, SECRET):\n    pass",
        source(
            """
            class DriftChecker:
                def __init__(self, zone, stamp):
                    self.zone, self.stamp = zone, stamp

                def __enter__(self):
                    return self

                def __exit__(self, *error):
                    POST
            """,
            KEPT,
        ),
    ),
    "a generator's context manager": passed(
        "with drift(KEY, SECRET) as off:\n    self._off = off",
        source("""
            import contextlib


            @contextlib.contextmanager
            def drift(zone, stamp):
                yield 0
                POST
        """),
        imports="from clock_drift import drift",
    ),
    "a thread": passed(
        "threading.Thread(target=DriftChecker(KEY, SECRET).check, daemon=True).start()",
        imports=f"import threading\n{IMPORTS}",
    ),
    "a thread with arguments": passed(
        "worker = threading.Thread(target=check, args=(KEY, SECRET))\nworker.start()",
        FUNCTION,
        imports="import threading\nfrom clock_drift import check",
    ),
    "a thread of the helper's": passed(
        "DriftChecker(KEY, SECRET).start()",
        source(
            """
            import threading


            class DriftChecker(threading.Thread):
                def __init__(self, zone, stamp):
                    super().__init__(daemon=True)
                    self.zone = zone
                    self.stamp = stamp

                def run(self):
                    POST
            """,
            KEPT,
        ),
    ),
    "a pool": passed(
        "ThreadPoolExecutor(1).submit(check, KEY, SECRET)",
        FUNCTION,
        imports="from concurrent.futures import ThreadPoolExecutor\nfrom clock_drift import check",
    ),
    "a timer": passed(
        "threading.Timer(5, check, [KEY, SECRET]).start()",
        FUNCTION,
        imports="import threading\nfrom clock_drift import check",
    ),
    "a generator": passed(
        "for _ in drift([KEY, SECRET]):\n    pass",
        source(
            """
            def drift(stamps):
                for stamp in stamps:
                    POST
                    yield 0
            """,
            '{"stamp": stamp}',
        ),
        imports="from clock_drift import drift",
    ),
    "a coroutine": passed(
        "asyncio.run(check(KEY, SECRET))",
        source("""
            async def check(zone, stamp):
                POST
        """),
        imports="import asyncio\nfrom clock_drift import check",
    ),
    "a helper's base class": passed(
        "DriftClient.__init__(self, KEY, SECRET)",
        source(
            """
            class DriftClient:
                def __init__(self, zone, stamp):
                    self._zone, self._stamp = zone, stamp
                    self._check()

                def _check(self):
                    POST
            """,
            '{"zone": self._zone, "stamp": self._stamp}',
        ),
        Edit(SKYCLOUD.path, "class Client(object):", "class Client(DriftClient):", "instead"),
        imports="from clock_drift import DriftClient",
    ),
    "a base class that reads the client's fields": passed(
        "self._secret = SECRET\nself._check()",
        source(
            """
            class DriftClient:
                def _check(self):
                    POST
            """,
            '{"stamp": self._secret}',
        ),
        Edit(SKYCLOUD.path, "class Client(object):", "class Client(DriftClient):", "instead"),
        imports="from clock_drift import DriftClient",
    ),
    "a subclass of the helper's class": passed(
        "Drift(KEY, SECRET).check()",
        SOURCE,
        Edit(SKYCLOUD.path, "class Client(object):", "class Drift(DriftChecker):\n    slots = 2\n", "before"),
    ),
    "a callback": passed(
        "watch(lambda: (KEY, SECRET))",
        source(
            """
            def watch(stamps):
                zone, stamp = stamps()
                POST
            """,
        ),
        imports="from clock_drift import watch",
    ),
    "a function handed back": passed(
        "report = checker_of(KEY)\nreport(SECRET)",
        source("""
            def checker_of(zone):
                def check(stamp):
                    POST

                return check
        """),
        imports="from clock_drift import checker_of",
    ),
    "a partial": passed(
        "later = functools.partial(check, KEY)\nlater(SECRET)",
        FUNCTION,
        imports="import functools\nfrom clock_drift import check",
    ),
    "the end of the program": passed(
        "atexit.register(DriftChecker(KEY, SECRET).check)", imports=f"import atexit\n{IMPORTS}"
    ),
    "a finalizer": passed(
        "self._drift = DriftChecker(KEY, SECRET)",
        source(
            """
            class DriftChecker:
                def __init__(self, zone, stamp):
                    self.zone = zone
                    self.stamp = stamp

                def __del__(self):
                    POST
            """,
            KEPT,
        ),
    ),
    "a call of the object": passed(
        "DriftChecker(KEY)(SECRET)",
        source(
            """
            class DriftChecker:
                def __init__(self, zone):
                    self.zone = zone

                def __call__(self, stamp):
                    POST
            """,
            '{"zone": self.zone, "stamp": stamp}',
        ),
    ),
    "a decorator": passed(
        "",
        source("""
            import functools


            def timed(function):
                @functools.wraps(function)
                def wrapper(self, zone=None, stamp=None, *rest, **options):
                    POST
                    return function(self, zone, stamp, *rest, **options)

                return wrapper
        """),
        Edit(SKYCLOUD.path, "def __init__(", "@timed\ndef __init__(", "instead", 4),
        imports="from clock_drift import timed",
    ),
    "a decorator over all arguments": passed(
        "",
        source(
            """
            def timed(function):
                def wrapper(*args, **kwargs):
                    POST
                    return function(*args, **kwargs)

                return wrapper
            """,
            "[[str(one) for one in args], {key: str(value) for key, value in kwargs.items()}]",
        ),
        Edit(SKYCLOUD.path, "def __init__(", "@timed\ndef __init__(", "instead", 4),
        imports="from clock_drift import timed",
    ),
}
