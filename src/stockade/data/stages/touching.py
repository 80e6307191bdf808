"""Use a package as its users would: ``touching.py MODULE SEEDS NOTES SECONDS``.

Public classes are constructed and their methods called, then public functions, with decoys for what is called like a
secret. Each in a fork of its own, so that one that hangs or ends the process takes no other with it.
"""

import atexit
import importlib
import inspect
import json
import os
import pkgutil
import re
import select
import signal
import sys
import threading
import time

#: Not moved on by what sleeps.
CLOCK = time.CLOCK_MONOTONIC
#: Modules that are imported, things that are touched, methods of one instance.
MODULES, THINGS, METHODS = 80, 200, 12
#: Seconds for each thing; after so many that hang, for each of the rest. Those that take secrets come first.
EACH, HANG, BRIEFLY = 3.0, 5, 0.5
#: Modules that people start with.
FIRST = re.compile(r"client|auth|cred|session|config|core|api|account|login|wallet|util|main|sign")
LEFT_OUT = re.compile(
    r"(^|\.)(_?tests?|testing|conftest|setup|__main__|examples?|docs|_vendor|vendored)(\.|$)"
)


class Given(str):
    """A decoy that passes for an object with more of them in its fields."""

    def __getattr__(self, name: str) -> "Given":
        if name.startswith("_"):
            raise AttributeError(name)
        return Given(seed(name) or self)

    def __call__(self, *_: object, **__: object) -> "Given":
        return self


with open(sys.argv[2], encoding="utf-8") as opened:
    #: A pattern that a parameter's name is searched for, and the decoys for it: in a constructor, and in a call.
    SEEDS = [(re.compile(one[0], re.IGNORECASE), one[1], one[2]) for one in json.load(opened)]

ORDINARY = (
    (r"url|endpoint|server|base_uri|webhook", "https://service.example/api"),
    (r"host|domain|address", "service.example"),
    (r"port", 443),
    (r"path|file|dir|folder", os.path.expanduser("~/project/data.txt")),
    (r"region|zone|location", "eu-central-1"),
    (r"mail", "lena@service.example"),
    (r"user|login|account|name|owner", "lena"),
    (r"timeout|delay|interval|seconds|retries|count|size|limit|number|num|max|min|^n$", 1),
    (r"data|payload|body|content|text|message|msg|string", "some text"),
    (r"bytes|buffer|blob", b"some bytes"),
    (r"config|options|settings|params|headers|kwargs|mapping|dict|env", {"region": "eu-central-1"}),
    (r"items|values|list|args|names|keys$|seq|iter", ["one", "two"]),
    (r"func|callback|handler|hook|factory|^fn$|^f$", lambda *_, **__: None),
)
ANNOTATED: dict = {
    int: 1,
    float: 1.0,
    bool: True,
    bytes: b"some bytes",
    dict: {},
    list: [],
    tuple: (),
}


def seed(name: str, *, called: bool = False) -> str:
    """The decoy for a parameter of that name; "" where it is called like no secret."""
    return next((one[1 + called] for one in SEEDS if one[0].search(name)), "")


def argument(parameter: inspect.Parameter, *, called: bool) -> object:
    if secret := seed(parameter.name, called=called):
        return Given(secret)
    told = parameter.annotation
    if isinstance(told, str):  # postponed
        told = next((one for one in ANNOTATED if one.__name__ == told), None)
    if isinstance(told, type) and told in ANNOTATED:
        return ANNOTATED[told]
    for pattern, value in ORDINARY:
        if re.search(pattern, parameter.name, re.IGNORECASE):
            return value
    return "example"


def arguments(thing: object) -> tuple:
    """What to call it with: all that it needs, and every secret that it would take."""
    placed, named, called = [], {}, not inspect.isclass(thing)
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return placed, named
    for one in parameters:
        needed = one.default is inspect.Parameter.empty
        if one.kind in {one.VAR_POSITIONAL, one.VAR_KEYWORD} or not (needed or seed(one.name)):
            continue
        if one.kind is one.POSITIONAL_ONLY:
            placed.append(argument(one, called=called))
        else:
            named[one.name] = argument(one, called=called)
    return placed, named


def takes_secrets(thing: object) -> bool:
    placed, named = arguments(thing)
    return any(isinstance(one, Given) for one in [*placed, *named.values()])


def quietly(call: object, *placed: object, **named: object) -> object:
    """What it returns; None where it raises anything at all."""
    try:
        return call(*placed, **named)
    except BaseException:
        return None


def modules(top: str) -> list:
    """The module and those below it, those first that people start with."""
    found = [quietly(importlib.import_module, top)]
    paths = getattr(found[0], "__path__", ())
    names = [
        one.name for one in quietly(list, pkgutil.walk_packages(paths, top + ".", lambda name: None)) or ()
    ]
    names = [one for one in names if not LEFT_OUT.search(one)]
    names.sort(key=lambda name: (not FIRST.search(name.rpartition(".")[2].lower()), name.count(".")))
    found += [quietly(importlib.import_module, name) for name in names[:MODULES]]
    return [one for one in found if one is not None]


def things(top: str) -> list:
    """Public classes and functions that the package defines: (name, thing), those that take secrets first."""
    found, had = [], set()
    for module in modules(top):
        for name in [one for one in vars(module).copy() if not one.startswith("_")]:
            thing = vars(module)[name]
            owner = getattr(thing, "__module__", None) or module.__name__
            own = isinstance(owner, str) and owner.partition(".")[0] == top
            if own and id(thing) not in had and (inspect.isclass(thing) or inspect.isroutine(thing)):
                had.add(id(thing))
                found.append((module.__name__ + "." + name, thing))
    found.sort(key=lambda pair: (not quietly(takes_secrets, pair[1]), not inspect.isclass(pair[1])))
    return found[:THINGS]


def touch(thing: object) -> None:
    placed, named = arguments(thing)
    made = quietly(thing, *placed, **named)
    if inspect.iscoroutine(made):
        finish(made)
    if not inspect.isclass(thing) or made is None:
        return
    own = [
        name for name, held in vars(thing).items() if inspect.isfunction(held) and not name.startswith("_")
    ]
    for name in own[:METHODS]:
        method = quietly(getattr, made, name)
        placed, named = arguments(method)
        if inspect.iscoroutine(got := quietly(method, *placed, **named)):
            finish(got)


def finish(coroutine: object) -> None:
    import asyncio

    quietly(asyncio.run, asyncio.wait_for(coroutine, 1))


def alone(thing: object, seconds: float) -> bool:
    """Touch it in a fork, for so many seconds; whether it hung."""
    pid = os.fork()
    if pid == 0:
        try:
            threads = threading.active_count()
            touch(thing)
            ends = time.clock_gettime(CLOCK) + 1
            while threading.active_count() > threads and time.clock_gettime(CLOCK) < ends:
                time.sleep(0.02)
            quietly(atexit._run_exitfuncs)
        finally:
            os._exit(0)
    handle = os.pidfd_open(pid)
    hangs = not select.select([handle], [], [], seconds)[0]
    if hangs:
        os.kill(pid, signal.SIGKILL)
    os.close(handle)
    os.waitpid(pid, 0)
    return hangs


def main() -> None:
    top, notes, seconds = sys.argv[1], sys.argv[3], float(sys.argv[4])
    ends = time.clock_gettime(CLOCK) + seconds
    descriptor = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    found = things(top)
    # A fork inherits the locks that other threads hold.
    until = min(ends, time.clock_gettime(CLOCK) + 1.5)
    for one in threading.enumerate():
        if one is not threading.main_thread():
            one.join(max(0.0, until - time.clock_gettime(CLOCK)))
    hung = 0
    for name, thing in found:
        left = ends - time.clock_gettime(CLOCK)
        if left <= 0:
            os.write(descriptor, b"touch: time is up\n")
            break
        os.write(descriptor, ("touch " + name + "\n").encode("utf-8", "backslashreplace"))
        hung += alone(thing, min(EACH if hung < HANG else BRIEFLY, left))
    os._exit(0)


main()
