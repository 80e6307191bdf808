"""What an artifact holds that is not analysed yet, counted by kind: one scope gap for each."""

from __future__ import annotations

from stockade.model.evidence import Gap, GapKind

_KINDS: dict[str, tuple[str, ...]] = {
    "native file": ("so", "pyd", "dylib", "dll", "exe", "node", "o", "a", "lib"),
    "pickle or model": (
        "pkl",
        "pickle",
        "pt",
        "pth.tar",
        "joblib",
        "npy",
        "npz",
        "h5",
        "ckpt",
        "safetensors",
    ),
    "WebAssembly module": ("wasm",),
    "Java archive": ("jar", "class"),
    "script in another language": ("rb", "pl", "php", "lua", "tcl", "r", "scpt", "jsx", "tsx", "vue"),
    "source of a native module": ("c", "h", "cc", "cpp", "cxx", "hpp", "rs", "go", "pyx", "pxd", "f90", "cu"),
    "notebook": ("ipynb",),
}
_BY_SUFFIX = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes}
_BY_MAGIC = (
    (b"\x7fELF", "native file"),
    (b"MZ", "native file"),
    (b"\xcf\xfa\xed\xfe", "native file"),
    (b"\xca\xfe\xba\xbe", "native file"),
)
#: Names shown of each kind.
_SHOWN = 3


class Unseen:
    """Members of kinds that are not analysed."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def note(self, path: str, head: bytes) -> None:
        """Count a member that is no Python source, by its first bytes and its suffix."""
        kind = next((kind for magic, kind in _BY_MAGIC if head.startswith(magic)), "")
        if not kind:
            kind = _BY_SUFFIX.get(path.rpartition(".")[2].lower(), "") if "." in path else ""
        if not kind and head.startswith(b"#!"):
            kind = "script in another language"
        if kind:
            self._found.setdefault(kind, []).append(path)

    def gaps(self) -> tuple[Gap, ...]:
        """One gap for each kind, naming a few."""
        made = []
        for kind, paths in self._found.items():
            names = ", ".join(path.rpartition("/")[2] for path in paths[:_SHOWN])
            more = ", …" if len(paths) > _SHOWN else ""
            plural = kind if len(paths) == 1 else _plural(kind)
            verb = "is" if len(paths) == 1 else "are"
            why = f"{verb} not analysed yet"
            made.append(Gap(kind=GapKind.SCOPE, what=f"{len(paths)} {plural} ({names}{more})", why=why))
        return tuple(made)


def _plural(kind: str) -> str:
    first, separator, rest = kind.partition(" or ")
    if separator:
        return f"{_plural(first)} or {_plural(rest)}"
    first, separator, rest = kind.partition(" in ")
    if not separator:
        first, separator, rest = kind.partition(" of ")
    if separator:
        return f"{_plural(first)}{separator}{rest}"
    return f"{kind}s"
