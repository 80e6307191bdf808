"""Makes a file that runs each time Python starts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.facts import Call, Module, Value
from stockade.analyse.code.observe import RUNS, idle, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Phase

_NAME = re.compile(
    r"(?:^|[\\/}])[\w.-]*\.(?:pth|start)$|(?:^|[\\/}])(?:site|user)customize\.py$", re.IGNORECASE
)
#: What such names end in.
_ENDS = frozenset({".pth", "tart", "e.py"})
#: Who is asked where installed packages lie.
_ASKED = re.compile(
    r"getsitepackages|getusersitepackages|get_python_lib|get_paths?\b|purelib|site-packages|USER_SITE|install_lib"
)
_OPENS = frozenset({"open", "io.open", "codecs.open"})
_COPIES = frozenset(
    {"shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.move", "os.rename", "os.replace"}
)
_SETUPS = ("setuptools.setup", "distutils.core.setup")
_WRITES = frozenset({"pathlib.Path.write_text", "?.write_text", "pathlib.Path.write_bytes", "?.write_bytes"})
#: Characters at the end of a path that are looked at.
_LONGEST = 200
_MODE = re.compile(r"""['"][waxb+t]{1,3}['"]""")
#: A start-up file is text; models end in .pth as well.
_BINARY = re.compile(r"""['"][wax+]?b[wax+]?['"]|torch|model|weight|checkpoint|state_dict""", re.IGNORECASE)


@detector("startup-file-made", on=Module)
def startup_file_made(module: Module) -> Iterator[Evidence]:
    """Makes a file that runs each time Python starts.

    What: a .pth or .start file, `sitecustomize.py` or `usercustomize.py` that is written, copied, or listed among
    `data_files`, by code that runs while something is installed, imported or started; beyond installing, where
    the code also asks where installed packages lie.
    Why: one line there is code in every interpreter of the environment, and a wheel made from it shows nothing.
    Benign twins: installers and tools for environments, when somebody calls them; models that end in .pth.
    Blind spots: a name that is put together from unknown parts; a file that is renamed later by another program.
    """
    texts = ((one.scope, one.text) for one in module.literals)
    named = {
        scope: text for scope, text in texts if text[-4:].lower() in _ENDS and _NAME.search(text[-_LONGEST:])
    }
    if not named:
        return
    asks = any(_ASKED.search(f"{call.target} {call.excerpt}") for call in module.calls)
    for call in module.calls:
        if call.phase not in RUNS or idle(call) or _BINARY.search(call.excerpt):
            continue
        name = _made(call, named.get(call.scope, ""))
        if name and (call.phase is Phase.INSTALL or asks):
            yield seen("startup-file-made", call, "makes a file that runs each time Python starts", name)
            return


def _made(call: Call, near: str) -> str:
    """The start-up file that a call makes, "" if it makes none; `near` is one that its function names."""
    if call.target in _SETUPS:
        return _named(call.keywords.get("data_files", Value()).const)
    if call.target in _COPIES:
        return _named(call.arg(1, "dst").const)
    if call.target in _OPENS and _MODE.search(call.excerpt):
        return _named([value.const for value in call.args])
    if call.target in _WRITES or (call.target == "pathlib.Path.open" and _MODE.search(call.excerpt)):
        return near
    return ""


def _named(const: object) -> str:
    """The first start-up file's name in a constant, lists and tuples opened."""
    if isinstance(const, str):
        return const if _NAME.search(const[-_LONGEST:]) else ""
    if isinstance(const, (list, tuple)):
        return next((name for one in const if (name := _named(one))), "")
    return ""
