"""Targets: aliases, indirections, methods of what a call made; and what values depend on."""

from __future__ import annotations

import pytest

from tests.support.code import argument_of, calls_of, literals_of, module_of, targets_of


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.system('id')",
        "import os as o\no.system('id')",
        "from os import system\nsystem('id')",
        "from os import system as f\nf('id')",
        "from os import *\nsystem('id')",
        "import os\nf = os.system\nf('id')",
        "import os\ngetattr(os, 'sys' + 'tem')('id')",
        "__import__('os').system('id')",
        "f = __import__('o' + 's').system\nf('id')",
        "import importlib\nimportlib.import_module('os').system('id')",
        "from importlib import import_module as i\ni('os').system('id')",
        "import sys\nsys.modules['os'].system('id')",
        "import sys\nsys.modules.get('os').system('id')",
        "import os\nos.__dict__['system']('id')",
        "import os\nvars(os)['system']('id')",
        "import os\nglobals()['os'].system('id')",
        "eval('__import__')('os').system('id')",
        "eval('__import__(\"os\").system')('id')",
        "import operator, os\noperator.attrgetter('system')(os)('id')",
        "import functools, os\nf = functools.partial(os.system, 'id')\nf()",
        "import os\n(lambda f, x: f(x))(os.system, 'id')",
        "import os\ndef run(f, x):\n    f(x)\nrun(os.system, 'id')",
        "import os\nclass A:\n    f = os.system\nA.f('id')",
        "import os\nclass A:\n    def __init__(s):\n        s.f = os.system\n    def go(s):\n        s.f('id')",
        "import os\nfor f in [os.system]:\n    pass\nos.system('id')",
        "if x:\n    import os\nelse:\n    os = None\nos.system('id')",
        "try:\n    from os import system\nexcept ImportError:\n    from posix import system\nsystem('id')",
        "__builtins__.__import__('os').system('id')",
        "import os\nsetattr(obj, 'f', os.system)\nobj.f('id')",
        "import os\n[f('id') for f in (os.system,)] and os.system('id')",
        "import os\nwith x:\n    os.system('id')",
        "import os\nmatch x:\n    case 1 if x:\n        os.system('id')",
        "import os\nasync def f():\n    await os.system('id')",
        "import os\ndef f():\n    yield os.system('id')",
        "import os\nassert os.system('id'), x",
        "import os\nraise X(os.system('id')) from y",
        "import os\n@decorate(os.system('id'))\nclass A(B, metaclass=C): pass",
        "import os\ndef f(a=os.system('id'), *, b=1): pass",
        "import os\nx[1:os.system('id')]",
        "import os\nx = yield_ = (os.system('id'), *y)",
        "import os\nf'{x:{os.system(\"id\")}}'",
        "import os\ndel x[os.system('id')]",
        "import os\nlambda a, *b, c=1, **d: os.system('id')",
    ],
)
def test_a_target_is_seen_through_its_disguise(text: str) -> None:
    call = calls_of(text)["os.system"]
    assert call.args[0].const == "id"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("exec('1')", "exec"),
        ("e = exec\ne('1')", "exec"),
        ("import builtins\nbuiltins.exec('1')", "exec"),
        ("import builtins as b\ngetattr(b, 'ex' + 'ec')('1')", "exec"),
        ("__builtins__['exec']('1')", "exec"),
        ("__builtins__.exec('1')", "exec"),
        ("globals()['__builtins__']['exec']('1')", "exec"),
        ("globals()['exec']('1')", "exec"),
        ("from builtins import exec as e\ne('1')", "exec"),
        ("import socket\nsocket.socket().connect(x)", "socket.socket.connect"),
        ("import socket\ns = socket.socket()\ns.connect(x)", "socket.socket.connect"),
        ("import requests\nrequests.Session().post(x)", "requests.Session.post"),
        ("import aiohttp\nasync def f():\n    async with aiohttp.ClientSession() as s:\n        await s.post(x)",
         "aiohttp.ClientSession.post"),
        ("open(p).read()", "open.read"),
        ("with open(p) as f:\n    f.read()", "open.read"),
        ("x.post(1)", "?.post"),
        ("x().post(1)", "?.post"),
        ("def f(client):\n    client.post(1)", "?.post"),
        ("def f(callback):\n    callback(1)", "?.callback"),
        ("import httpx\ndef f(client: httpx.Client):\n    client.post(1)", "httpx.Client.post"),
        ("x[0](1)", "?.()"),
        ("f = lambda a: a\nf(x)", "?.f"),
        ("import os\nos.environ['A']", "os.environ.__getitem__"),
        ("import os\nos.environ['A'] = 'b'", "os.environ.__setitem__"),
        ("import os\ndel os.environ['A']", "os.environ.__delitem__"),
        ("import os\nos.environ.get('A')", "os.environ.get"),
        ("import os\nos.getenv('A')", "os.getenv"),
        ("def f(): pass\nf()", "pkg.mod.f"),
        ("class A:\n    def f(self): pass\n    def g(self):\n        self.f()", "pkg.mod.A.f"),
        ("class A:\n    def f(self): pass\nA().f()", "pkg.mod.A.f"),
        ("class A:\n    def f(self): pass\na = A()\na.f()", "pkg.mod.A.f"),
        ("class A:\n    def f(self): pass\nclass B(A):\n    def g(self):\n        self.f()", "pkg.mod.A.f"),
        ("import threading\nclass A(threading.Thread):\n    def g(s):\n        s.start()", "threading.Thread.start"),
        ("from x.y import Base\nclass A(Base):\n    def g(self):\n        super().g(1)", "x.y.Base.g"),
        ("class A:\n    def g(self):\n        self.h()", "?.h"),
        ("from . import util\nutil.f()", "pkg.util.f"),
        ("from .util import f\nf()", "pkg.util.f"),
        ("from ..other import f\nf()", "other.f"),
        ("import a.b.c\na.b.c.f()", "a.b.c.f"),
        ("'a'.join(x)", "str.join"),
        ("getattr('a', 'join')(x)", "str.join"),
        ("import atexit\n@atexit.register\ndef f(): pass", "atexit.register"),
        ("import a\nimport importlib\nimportlib.import_module('.b', 'pkg').f()", "pkg.b.f"),
        ("import importlib\nimportlib.import_module('.b').f()", "pkg.mod.b.f"),
    ],
)  # fmt: skip
def test_targets_follow_the_conventions(text: str, target: str) -> None:
    assert target in targets_of(text)


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("import requests\nuse(requests.get(u).text)", {"requests.get"}),
        ("import requests\nr = requests.get(u)\nt = r.text\nuse(t)", {"requests.get"}),
        ("import requests, base64\nuse(base64.b64decode(requests.get(u).content))",
         {"requests.get", "base64.b64decode"}),
        ("import os\nuse(os.environ)", {"os.environ"}),
        ("import os\nuse(dict(os.environ))", {"os.environ", "dict"}),
        ("import os\nuse(os.environ['A'])", {"os.environ", "os.environ.__getitem__"}),
        ("import os\nuse(os.environ.get('A'))", {"os.environ", "os.environ.get"}),
        ("import os\nuse({'a': [f'{os.getenv(\"B\")}']})", {"os.getenv"}),
        ("def f(p):\n    use('x' + p)", {"param:p"}),
        ("def f(p, *q, **r):\n    use([p, q, r])", {"param:p", "param:q", "param:r"}),
        ("use(open(path).read())", {"open", "open.read"}),
        ("with open(path) as f:\n    use(f.read())", {"open", "open.read"}),
        ("for line in open(path):\n    use(line)", {"open"}),
        ("a, b = open(path)\nuse(b)", {"open"}),
        ("import os\nx = 1\nif y:\n    x = os.getcwd()\nuse(x)", {"os.getcwd"}),
        ("import os\nx = os.getcwd() or os.getlogin()\nuse(x)", {"os.getcwd", "os.getlogin"}),
        ("import os\nuse(os.getcwd() if y else os.getlogin())", {"os.getcwd", "os.getlogin"}),
        ("import os\nx = ''\nfor y in z:\n    x += os.getcwd()\nuse(x)", {"os.getcwd"}),
        ("import os\nuse([os.getcwd() for _ in z])", {"os.getcwd"}),
        ("import os\nuse(not os.getcwd())", {"os.getcwd"}),
        ("import os\nuse(os.getcwd() == 'x')", {"os.getcwd"}),
        ("import os\ndef f():\n    return os.getcwd()\nuse(f())", {"os.getcwd", "pkg.mod.f"}),
        ("import os\nd = {}\nd['a'] = os.getcwd()\nuse(d)", {"os.getcwd"}),
        ("class A:\n    def __init__(s, k):\n        s.k = k\n    def go(s):\n        use(s.k)", {"param:k"}),
        ("def f(): pass\nuse(f)", {"pkg.mod.f"}),
        ("import os\nuse(os.system)", {"os.system"}),
    ],
)  # fmt: skip
def test_values_know_what_they_depend_on(text: str, origins: set[str]) -> None:
    assert argument_of(text).origins == origins


def test_a_call_says_where_and_under_which_roof_it_stands() -> None:
    text = "def f():\n    try:\n        g(1)\n    except Exception:\n        pass\n    h(2)\n"
    calls = calls_of(text)
    assert calls["?.g"].swallowed and not calls["?.h"].swallowed
    assert calls["?.g"].scope == "f" and calls["?.g"].where.line == 3
    assert calls["?.g"].excerpt == "g(1)" and calls["?.g"].where.file == "pkg/mod.py"


@pytest.mark.parametrize(
    ("handler", "swallowed"),
    [
        ("...", True),
        ("return", True),
        ("return None", True),
        ("log(1)", False),
        ("raise", False),
        ("return x", False),
    ],
)
def test_a_handler_that_does_nothing_swallows(handler: str, swallowed: bool) -> None:
    text = f"def f():\n  for x in y:\n    try:\n      g(1)\n    except Exception:\n      {handler}"
    assert calls_of(text)["?.g"].swallowed is swallowed


def test_suppress_swallows() -> None:
    calls = calls_of("import contextlib\nwith contextlib.suppress(E):\n    g(1)\nh(1)")
    assert calls["?.g"].swallowed and not calls["?.h"].swallowed


def test_facts_come_in_source_order() -> None:
    text = "def f():\n    a(1)\nb(2)\nclass C:\n    def g(self):\n        c(3)\nd(4)\nf()"
    assert [call.where.line for call in module_of(text).calls] == [2, 3, 6, 7, 8]


def test_literals_are_those_worth_a_look() -> None:
    text = '"""docstring"""\nx = "abc"\ny = "abcd"\nz = b"12345"\ndef f():\n    "another docstring"\n'
    assert [one.value.const for one in literals_of(text)] == ["abcd", b"12345"]


def test_folded_text_is_a_literal_too() -> None:
    found = [
        (one.text, one.value.steps)
        for one in literals_of("import base64\nx = base64.b64decode('aHR0cHM6Ly8=')")
    ]
    assert ("https://", ("base64",)) in found


def test_imports_are_facts() -> None:
    imports = module_of("import a.b, c\nfrom d import e, f as g\nfrom .x import *\nfrom . import y").imports
    assert [(one.module, one.names) for one in imports] == [
        ("a.b", ()), ("c", ()), ("d", ("e", "f")), ("pkg.x", ("*",)), ("pkg", ("y",)),
    ]  # fmt: skip


def test_an_own_function_is_walked_once_with_its_first_caller() -> None:
    text = "def f(u):\n    fetch(u)\nf('first')\nf('second')"
    calls = [call for call in module_of(text).calls if call.target == "?.fetch"]
    assert len(calls) == 1
    assert calls[0].args[0].const == "first" and calls[0].args[0].origins == {"param:u"}


def test_a_long_line_is_cut_where_the_call_stands() -> None:
    text = f"x = '{'a' * 500}'; fetch('here')"
    excerpt = calls_of(text)["?.fetch"].excerpt
    assert "fetch('here')" in excerpt and len(excerpt) <= 240


def test_decorators_that_register_are_calls() -> None:
    assert targets_of("@property\ndef f(self): pass\n@staticmethod\ndef g(): pass") == []
    assert targets_of("from a import b\n@b\ndef f(): pass") == ["a.b"]
