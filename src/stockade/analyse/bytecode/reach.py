"""What a pickle may import only to do something, and what native code may. Common knowledge about APIs."""

from __future__ import annotations

#: Modules of which any name, called by a pickle, does more than make an object.
_MODULE_NAMES = """
    _posixsubprocess _winapi asyncio bdb cProfile code codeop commands ctypes distutils doctest ensurepip http httplib
    httpx idlelib imaplib importlib multiprocessing nt pdb pip poplib posix profile pty pydoc requests runpy smtplib
    socket ssl subprocess sys telnetlib timeit trace urllib urllib2 urllib3 venv webbrowser zipimport aiohttp paramiko
    platform.popen test.support
"""
_MODULES = frozenset(_MODULE_NAMES.split())
#: Names of modules that have harmless ones as well.
_NAMES = {
    "builtins": "eval exec compile __import__ open breakpoint globals locals vars input memoryview.cast",
    "os": "",
    "shutil": "",
    "io": "open FileIO open_code",
    "_io": "open FileIO open_code",
    "codecs": "open",
    "marshal": "load loads",
    "pickle": "load loads Unpickler",
    "_pickle": "load loads Unpickler",
    "dill": "load loads",
    "cloudpickle": "load loads",
    "torch": "load hub.load",
    "torch.hub": "load load_state_dict_from_url download_url_to_file",
    "torch.serialization": "load",
    "numpy": "load",
    "joblib": "load",
    "numpy.testing._private.utils": "runstring",
    "logging.config": "fileConfig dictConfig",
    "types": "FunctionType",
    "operator": "methodcaller",
    "pathlib": "",
}
#: The other way round: names of these modules that pickles of data hold.
_HARMLESS = {
    "os": "stat_result terminal_size PathLike _Environ environ",
    "pathlib": "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath _local.PosixPath",
    "shutil": "Error",
    "asyncio": "",
    "ctypes": "c_int c_long c_double c_float c_char_p _unpickle",
    "importlib": "",
    "socket": "AddressFamily SocketKind timeout gaierror",
    "urllib": "",
    "sys": "getsizeof intern maxsize",
    "http": "HTTPStatus",
}
_BY_MODULE = {module: frozenset(names.split()) for module, names in _NAMES.items()}
_APART = {module: frozenset(names.split()) for module, names in _HARMLESS.items()}
#: Parts of packages that hold classes of data.
_DATA = (
    "urllib.parse",
    "http.cookiejar",
    "http.cookies",
    "requests.cookies",
    "requests.structures",
    "requests.models",
)


def dangerous(module: str, name: str) -> bool:
    """Whether a pickle that calls ``module.name`` does more than make an object."""
    module = "builtins" if module == "__builtin__" else module
    if module in _DATA or module.startswith(tuple(f"{part}." for part in _DATA)):
        return False
    if name in _APART.get(module, frozenset()):
        return False
    wanted = _BY_MODULE.get(module)
    if wanted is not None:
        return not wanted or name in wanted
    parts = module.split(".")
    return any(".".join(parts[:count]) in _MODULES for count in range(1, len(parts) + 1))
