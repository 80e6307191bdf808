"""What an artifact installs, as hashes: what is compared with a reference, and what a reference is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from stockade import limits
from stockade.analyse.identity.shape import Piece, hashes, package_hash, pieces
from stockade.model.artifact import Member

#: Folders that people keep other people's code in, under their own name.
_VENDOR_NAMES = (
    "_vendor vendor vendored _vendored vendors _vendors third_party thirdparty extern externals external"
)
VENDOR = frozenset(
    (*_VENDOR_NAMES.split(), "_external", "_externals", "packages", "deps", "_deps", "node_modules")
)
_COMMON_NAMES = (
    "app api bin build client cli common conf config core data db demo dist doc docs example examples helper helpers"
    " include lib libs main misc model models module modules package packages plugin plugins resource resources sample"
    " samples script scripts server service services setup site sites src static t template templates test testing"
    " tests tool tools type types ui unit unittest unittests integration util utility utils version web benchmarks"
    " benchmark example_package exceptions constants commands manage tasks extras extra contrib conftest"
)
#: Top-level names that nobody owns, whoever came first.
NOBODYS = frozenset(_COMMON_NAMES.split())
#: An ``__init__.py`` up to so many bytes may make its folder a namespace that several distributions share.
_NAMESPACE_SIZE = 1500
#: Tells the hashes of other people's code from those of a project's own.
_ASIDE = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True)
class Holding:
    """One installed Python file: its member, dotted name, hash, and the (hash, size, whether a function) of its pieces.

    `aside`: other people's code, kept under the artifact's own name. Its hashes are others than those of the same
    code where it is at home, so that neither is taken for the other.
    """

    member: Member
    name: str
    whole: int
    parts: list[tuple[int, int, bool]]
    aside: bool

    @property
    def top(self) -> str:
        """The top-level name that it is imported under."""
        return self.name.partition(".")[0]

    def pieces(self, data: bytes) -> Iterable[Piece]:
        """Its pieces with their lines; `data` is its content once more."""
        for piece in pieces(data, self.top):
            yield replace(piece, hash=piece.hash ^ _ASIDE) if self.aside else piece


@dataclass(slots=True)
class Holdings:
    """Gathers an artifact's installed Python files, up to limits.MAX_PIECES pieces (`full` then)."""

    files: list[Holding] = field(default_factory=list)
    full: bool = False
    _count: int = 0
    _packages: dict[str, str] = field(default_factory=dict)
    _modules: dict[str, str] = field(default_factory=dict)
    _tops: dict[str, str] = field(default_factory=dict)

    def add(
        self, member: Member, data: bytes, name: str, *, package: bool, top: bool, tests: bool, aside: bool
    ) -> None:
        """Take note of one installed Python file, imported as `name`; of `tests` only where they are.

        `top`: it lies in a folder where an sdist's packages are looked for. `aside`: see Holding.
        """
        path = name.replace(".", "/")
        if not package:
            self._modules.setdefault(path, member.path)
        elif not _namespace(data):
            self._packages.setdefault(path, member.path)
            if top and "/" not in path:
                self._tops.setdefault(path, member.path)
        if self._count > limits.MAX_PIECES:
            self.full = True
        elif not tests:
            whole, found = hashes(data, name.partition(".")[0])
            self._count += len(found)
            if aside:
                whole ^= _ASIDE
                found = [(value ^ _ASIDE, size, function) for value, size, function in found]
            if found:
                self.files.append(Holding(member, name, whole, found, aside))

    def roots(self, *, wheel: bool) -> dict[str, str]:
        """The shallowest packages and modules that it installs (``boto3``, ``azure/identity``, ``six``), and a member
        of each.

        Which single modules of an sdist are installed is not known before it is built, nor where a package deeper down
        goes; they are left out.
        """
        places = self._packages | self._modules if wheel else self._tops
        found = sorted(one for one in places if not any(up in self._packages for up in above(one)))
        return {path: places[path] for path in found[: limits.MAX_CLAIMS]}

    def package_hashes(self, *, wheel: bool) -> tuple[int, ...]:
        """The hashes of its `roots`, but for names that are nobody's."""
        return tuple(
            package_hash(path)
            for path in self.roots(wheel=wheel)
            if path.partition("/")[0].lower() not in NOBODYS
        )


def above(path: str) -> Iterable[str]:
    """The folders that `path` lies in, the innermost first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _namespace(data: bytes) -> bool:
    return len(data) < _NAMESPACE_SIZE and (b"extend_path" in data or b"declare_namespace" in data)
