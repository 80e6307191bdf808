"""When code runs: by where its file lies, and by what reaches it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from stockade.analyse.code.facts import Module
from stockade.analyse.code.layout import layout, startup_place
from stockade.model.artifact import Kind
from stockade.model.evidence import Phase
from tests.support.code import EntryPoints, modules_of


def _phase(modules: Mapping[str, Module], target: str) -> Phase:
    (found,) = {
        call.phase for module in modules.values() for call in module.calls if call.target.endswith(target)
    }
    return found


@pytest.mark.parametrize(
    ("kind", "path", "name", "phase"),
    [
        (Kind.WHEEL, "pkg/mod.py", "pkg.mod", Phase.IMPORT),
        (Kind.WHEEL, "pkg/__init__.py", "pkg", Phase.IMPORT),
        (Kind.WHEEL, "pkg/__main__.py", "pkg.__main__", Phase.ENTRY),
        (Kind.WHEEL, "single.py", "single", Phase.IMPORT),
        (Kind.WHEEL, "sitecustomize.py", "sitecustomize", Phase.STARTUP),
        (Kind.WHEEL, "usercustomize.py", "usercustomize", Phase.STARTUP),
        (Kind.WHEEL, "pkg/sitecustomize.py", "pkg.sitecustomize", Phase.IMPORT),
        (Kind.WHEEL, "pkg-1.0.data/purelib/pkg/mod.py", "pkg.mod", Phase.IMPORT),
        (Kind.WHEEL, "pkg-1.0.data/scripts/tool", "", Phase.ENTRY),
        (Kind.WHEEL, "pkg-1.0.data/data/x.py", "", Phase.CALL),
        (Kind.WHEEL, "pkg-1.0.dist-info/x.py", "", Phase.CALL),
        (Kind.WHEEL, "setup.py", "setup", Phase.IMPORT),
        (Kind.WHEEL, "tests/test_x.py", "tests.test_x", Phase.IMPORT),
        (Kind.SDIST, "pkg-1.0/setup.py", "", Phase.INSTALL),
        (Kind.SDIST, "pkg-1.0/pkg/mod.py", "pkg.mod", Phase.IMPORT),
        (Kind.SDIST, "pkg-1.0/src/pkg/mod.py", "pkg.mod", Phase.IMPORT),
        (Kind.SDIST, "pkg-1.0/src/plain.py", "plain", Phase.IMPORT),
        (Kind.SDIST, "pkg-1.0/python/pkg/sub/mod.py", "pkg.sub.mod", Phase.IMPORT),
        (Kind.SDIST, "pkg-1.0/single.py", "single", Phase.IMPORT),
        (Kind.SDIST, "pkg-1.0/conftest.py", "", Phase.CALL),
        (Kind.SDIST, "pkg-1.0/tests/test_x.py", "tests.test_x", Phase.CALL),
        (Kind.SDIST, "pkg-1.0/docs/conf.py", "docs.conf", Phase.CALL),
        (Kind.SDIST, "pkg-1.0/examples/deep/x.py", "examples.deep.x", Phase.CALL),
        (Kind.SDIST, "pkg-1.0/.release/x.py", ".release.x", Phase.CALL),
        (Kind.SDIST, "pkg-1.0/tools/x.py", "tools.x", Phase.CALL),
        (Kind.SDIST, "pkg-1.0/pkg/tools/x.py", "pkg.tools.x", Phase.ENTRY),
        (Kind.SDIST, "pkg-1.0/example.py", "", Phase.CALL),
        (Kind.SDIST, "pkg-1.0/bin/tool", "bin.tool", Phase.CALL),
        (Kind.SDIST, "pkg-1.0/tool/tool", "", Phase.ENTRY),
        (Kind.WHEEL, "pkg/scripts/x.py", "pkg.scripts.x", Phase.ENTRY),
        (Kind.WHEEL, "pkg/examples/x.py", "pkg.examples.x", Phase.CALL),
        (Kind.WHEEL, "pkg/run-bench.py", "pkg.run-bench", Phase.IMPORT),
        (Kind.SDIST, "pkg-1.0/src/pkg/deep-tree/run.py", "pkg.deep-tree.run", Phase.CALL),
        (Kind.SDIST, "pkg-1.0/pkg/sub/deep-tree/run.py", "pkg.sub.deep-tree.run", Phase.CALL),
        (Kind.SDIST, "pkg-1.0/dash-ed/x.py", "dash-ed.x", Phase.IMPORT),
        (Kind.SDIST, "pkg-1.0/loose-tree/deep/x.py", "loose-tree.deep.x", Phase.CALL),
        (Kind.WHEEL, "pkg/native.cpython-311.so", "pkg.native.cpython-311", Phase.IMPORT),
        (Kind.SDIST, "pkg-1.0/vendored-tool/inner/x.py", "inner.x", Phase.CALL),
    ],
)
def test_the_place_of_a_file(kind: Kind, path: str, name: str, phase: Phase) -> None:
    others = ["pkg-1.0/PKG-INFO", "pkg-1.0/setup.py", "pkg-1.0/pkg/__init__.py", "pkg-1.0/src/pkg/__init__.py",
              "pkg-1.0/python/pkg/__init__.py", "pkg-1.0/python/pkg/sub/__init__.py",
              "pkg-1.0/vendored-tool/inner/__init__.py", "pkg-1.0/dash-ed/__init__.py"]  # fmt: skip
    place = layout(kind, [path, *others]).place(path)
    assert (place.name, place.phase) == (name, phase)


def test_a_package_below_an_odd_folder_counts_where_there_is_no_other() -> None:
    laid = layout(Kind.SDIST, ["a-1/setup.py", "a-1/source-code/a/__init__.py"])
    assert (laid.place("a-1/source-code/a/x.py").name, laid.place("a-1/source-code/a/x.py").phase) == (
        "a.x",
        Phase.IMPORT,
    )


def test_tests_inside_a_package_are_installed_with_it() -> None:
    laid = layout(Kind.SDIST, ["a-1/setup.py", "a-1/pkg/__init__.py", "a-1/pkg/tests/__init__.py"])
    inner, outer = laid.place("a-1/pkg/tests/x.py"), laid.place("a-1/tests/x.py")
    assert (inner.phase, inner.installed) == (Phase.CALL, True)
    assert (outer.phase, outer.installed) == (Phase.CALL, False)


def test_a_source_tree_whose_root_is_not_alone() -> None:
    laid = layout(Kind.SDIST, ["pax_header", "a-1/setup.py", "a-1/PKG-INFO", "a-1/a.py", "other/x.py"])
    assert laid.place("a-1/setup.py").phase is Phase.INSTALL
    assert layout(Kind.ARCHIVE, ["setup.py", "a/x.py"]).place("setup.py").phase is Phase.INSTALL
    assert layout(Kind.SDIST, ["a-1/setup.py"], root="a-1").place("a-1/setup.py").phase is Phase.INSTALL
    assert layout(Kind.SDIST, []).root == ""


def test_what_lies_in_a_nested_archive_runs_only_when_called() -> None:
    place = layout(Kind.SDIST, ["a-1/setup.py"]).place("setup.py", nested=True)
    assert place.phase is Phase.CALL and not place.selfstarting


def test_a_build_backend_in_the_tree_runs_at_install() -> None:
    laid = layout(
        Kind.SDIST,
        ["a-1/pyproject.toml", "a-1/back/end.py"],
        backend="end:hooks",
        backend_paths=("./back", "none"),
    )
    assert laid.place("a-1/back/end.py").phase is Phase.INSTALL
    assert laid.place("a-1/back/other.py").phase is Phase.IMPORT


UPLOAD = "from setuptools import setup, Command\nclass X(Command):\n    def run(self):\n        act()\n"
RUNS_IT = "class Y(Command):\n    def run(self):\n        self.run_command('upload')\n"
COMMAND = "from setuptools import setup\nfrom setuptools.command.install import install\n"
SETUP = {
    "a-1/PKG-INFO": "",
    "a-1/pkg/__init__.py": "level_of_pkg()\n",
    "a-1/pkg/util.py": "def helper():\n    in_helper()\ndef idle():\n    in_idle()\n",
}


@pytest.mark.parametrize(
    ("text", "target", "phase"),
    [
        ("act()", "act", Phase.INSTALL),
        ("if __name__ == '__main__':\n    act()", "act", Phase.INSTALL),
        ("def f():\n    act()", "act", Phase.CALL),
        ("def f():\n    act()\nf()", "act", Phase.INSTALL),
        ("def f():\n    g()\ndef g():\n    act()\nf()", "act", Phase.INSTALL),
        ("class C:\n    def __init__(self):\n        act()\nC()", "act", Phase.INSTALL),
        ("class C:\n    def m(self):\n        act()\nC().m()", "act", Phase.INSTALL),
        ("class B:\n    def __init__(self):\n        act()\nclass C(B): pass\nC()", "act", Phase.INSTALL),
        ("class B:\n    def m(self):\n        act()\nclass C(B): pass\nC().m()", "act", Phase.INSTALL),
        ("import threading\ndef f():\n    act()\nthreading.Thread(target=f).start()", "act", Phase.INSTALL),
        ("from threading import Thread\nclass T(Thread):\n    def run(self):\n        act()\nT().start()", "act",
         Phase.INSTALL),
        ("import atexit\ndef f():\n    act()\natexit.register(f)", "act", Phase.INSTALL),
        ("import atexit\n@atexit.register\ndef f():\n    act()", "act", Phase.INSTALL),
        ("def f():\n    act()\npool.submit(f)", "act", Phase.INSTALL),
        ("def f():\n    act()\nlist(map(f, x))", "act", Phase.INSTALL),
        ("import asyncio\nasync def f():\n    act()\nasyncio.run(f())", "act", Phase.INSTALL),
        ("def deco(g):\n    act()\n    return g\n@deco\ndef f(): pass", "act", Phase.INSTALL),
        ("def deco(x):\n    act()\n@deco(1)\nclass C: pass", "act", Phase.INSTALL),
        ("import functools\ndef f():\n    act()\nfunctools.partial(f)()", "act", Phase.INSTALL),
        ("def f():\n    act()\nregister(f)", "act", Phase.CALL),
        (f"{COMMAND}class X(install):\n    def run(self):\n        act()\nsetup(cmdclass={{'install': X}})", "act",
         Phase.INSTALL),
        (f"{COMMAND}class B(install):\n  def finalize_options(s): act()\nclass X(B): pass\nc = [X]\nsetup(c=c)",
         "act", Phase.INSTALL),
        ("from setuptools.command.install import install\nclass X(install):\n    def run(self):\n        act()", "act",
         Phase.CALL),
        ("import pkg", "level_of_pkg", Phase.INSTALL),
        ("import runpy\nrunpy.run_path('./pkg/__init__.py')", "level_of_pkg", Phase.INSTALL),
        ("import runpy\nrunpy.run_path(f'{here}/pkg/__init__.py')", "level_of_pkg", Phase.INSTALL),
        ("import runpy\nrunpy.run_path(here)", "level_of_pkg", Phase.IMPORT),
        ("from pkg import util", "level_of_pkg", Phase.INSTALL),
        ("__import__('pkg')", "level_of_pkg", Phase.INSTALL),
        ("x = 1", "level_of_pkg", Phase.IMPORT),
        ("from pkg.util import helper\nhelper()", "in_helper", Phase.INSTALL),
        ("from pkg import util as u\nu.helper()", "in_helper", Phase.INSTALL),
        ("from pkg.util import helper\nhelper()", "in_idle", Phase.CALL),
        ("from setuptools import setup\nsetup(entry_points={'console_scripts': ['x = pkg.util:helper']})", "in_helper",
         Phase.ENTRY),
        ("exec('act()')", "act", Phase.INSTALL),
        ("def f():\n    exec('act()')", "act", Phase.CALL),
        ("exec('def f():\\n    act()\\nf()')", "act", Phase.INSTALL),
        ("f = lambda: act()\nf()", "act", Phase.INSTALL),
        ("class C:\n    def __call__(self):\n        act()\nC()", "act", Phase.CALL),
        ("class C:\n    def __call__(self):\n        act()\nC()()", "act", Phase.INSTALL),
        ("class C:\n    def __call__(self):\n        act()\nc = C()\nc()", "act", Phase.INSTALL),
        ("import functools\ndef f():\n    act()\non.connect(functools.partial(f, 1))", "act", Phase.CALL),
        ("import functools, threading\ndef f():\n    act()\nthreading.Thread(target=functools.partial(f, 1))", "act",
         Phase.INSTALL),
        (f"{UPLOAD}setup(cmdclass={{'upload': X}})", "act", Phase.CALL),
        (f"{UPLOAD}c = {{}}\nc['upload'] = X\nsetup(cmdclass=c)", "act", Phase.CALL),
        (f"{UPLOAD}setup(cmdclass={{'upload': X, 'build_py': X}})", "act", Phase.INSTALL),
        (f"{UPLOAD}{RUNS_IT}setup(cmdclass={{'upload': X, 'build': Y}})", "act", Phase.INSTALL),
        ("import sys\nif sys.argv[-1] == 'publish':\n    act()", "act", Phase.CALL),
        ("import sys\nif 'upload' in sys.argv:\n    act()", "act", Phase.CALL),
        ("import sys\ncommand = sys.argv[1]\nif command in ('tag', 'publish'):\n    act()", "act", Phase.CALL),
        ("import sys\nif 'install' in sys.argv:\n    act()", "act", Phase.INSTALL),
        ("import sys\nif 'upload' not in sys.argv:\n    act()", "act", Phase.INSTALL),
        ("import sys\nif sys.argv[-1] == 'publish':\n    pass\nelse:\n    act()", "act", Phase.INSTALL),
        ("import sys\nsys.argv.append('publish')\nif sys.argv[-1] == 'publish':\n    act()", "act", Phase.INSTALL),
        ("import os\nif os.name == 'publish':\n    act()", "act", Phase.INSTALL),
        ("import sys\nif 0 < len(sys.argv) < 9:\n    act()", "act", Phase.INSTALL),
    ],
)  # fmt: skip
def test_what_a_setup_py_reaches_runs_at_install(text: str, target: str, phase: Phase) -> None:
    assert _phase(modules_of({**SETUP, "a-1/setup.py": text}, Kind.SDIST), target) is phase


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("act()", Phase.IMPORT),
        ("def f():\n    act()", Phase.CALL),
        ("def f():\n    act()\nf()", Phase.IMPORT),
        ("if __name__ == '__main__':\n    act()", Phase.ENTRY),
        ("if os.name == 'nt' and __name__ == '__main__':\n    act()", Phase.ENTRY),
        ("if os.name == 'nt' or __name__ == '__main__':\n    act()", Phase.IMPORT),
        ("if '__main__' == __name__:\n    pass\nelse:\n    act()", Phase.IMPORT),
        ("def f():\n    act()\nif __name__ == '__main__':\n    f()", Phase.ENTRY),
        ("class C:\n    act()", Phase.IMPORT),
        ("def main():\n    act()", Phase.ENTRY),
    ],
)
def test_an_installed_module(text: str, phase: Phase) -> None:
    points: EntryPoints = {"console_scripts": (("x", "pkg.mod:main [extra]"),)}
    assert _phase(modules_of({"pkg/mod.py": text}, entry_points=points), "act") is phase


def test_a_name_that_a_package_passes_on_is_followed() -> None:
    files = {
        "pkg/__init__.py": "from .impl import go, Tool as T\n",
        "pkg/impl.py": "def go():\n    act()\nclass Tool:\n    def __init__(self):\n        made()\n    def m(self):\n"
        "        used()\n",
        "user.py": "import pkg\npkg.go()\npkg.T().m()\n",
    }
    modules = modules_of(files)
    assert [_phase(modules, name) for name in ("act", "made", "used")] == [Phase.IMPORT] * 3


def test_a_pytest_plugin_runs_its_hooks() -> None:
    points: EntryPoints = {"pytest11": (("x", "pkg.plugin"),)}
    modules = modules_of({"pkg/plugin.py": "def pytest_configure(config):\n    act()\n"}, entry_points=points)
    assert _phase(modules, "act") is Phase.ENTRY


def test_backend_hooks_run_at_install() -> None:
    files = {
        "a-1/pyproject.toml": "",
        "a-1/own.py": "def build_wheel(*a):\n    act()\ndef other():\n    not_yet()\n",
    }
    modules = modules_of(files, Kind.SDIST, backend="own", backend_paths=(".",))
    assert _phase(modules, "act") is Phase.INSTALL and _phase(modules, "not_yet") is Phase.CALL


def test_what_a_pth_imports_runs_at_start_up() -> None:
    modules = modules_of({"hook.py": "act()\n"}, startup=("hook",))
    assert _phase(modules, "act") is Phase.STARTUP
    assert startup_place("a/x.pth").phase is Phase.STARTUP


def test_the_earliest_phase_wins() -> None:
    files = {**SETUP, "a-1/setup.py": "from pkg.util import helper\nhelper()\n", "a-1/m.py": "import pkg.util\n"
             "pkg.util.helper()\n"}  # fmt: skip
    assert _phase(modules_of(files, Kind.SDIST), "in_helper") is Phase.INSTALL


def test_loops_among_functions_and_names_end() -> None:
    files = {"a.py": "from b import f\ndef g():\n    f()\ng()\n", "b.py": "from a import g, f\ndef h():\n    g()\n",
             "c.py": "from c import x\nx()\nclass A(A): 1\nA().m()\nclass B: 1\nclass C(B): 1\nC().n()"}  # fmt: skip
    assert len(modules_of(files)) == 3


def test_two_scripts_of_one_name_keep_their_own_functions() -> None:
    files = {
        "p-1.data/scripts/run.py": "def f():\n    one()\nf()\n",
        "q-1.data/scripts/run.py": "def f():\n    two()\n",
    }
    modules = modules_of(files)
    assert _phase(modules, "one") is Phase.ENTRY and _phase(modules, "two") is Phase.CALL
