"""Gathers an artifact's profile (model/profile.py) while the engine goes over its facts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeVar

from stockade import limits
from stockade.analyse.code.facts import Call, Module
from stockade.analyse.code.observe import RUNS
from stockade.analyse.code.vocabulary import EXECUTE, NETWORK, PROCESS, within
from stockade.analyse.files.facts import FileFact, Magic, StartupLine
from stockade.model.profile import Act, Deed, Host, Profile

T = TypeVar("T")
_ACTS = ((Act.NETWORK, NETWORK), (Act.PROCESS, PROCESS), (Act.EXECUTE, EXECUTE))
_OUTSIDE = NETWORK | PROCESS | EXECUTE
_NATIVE = frozenset({Magic.ELF, Magic.PE, Magic.MACHO})
#: Interpreter, ABI and platform in an extension module's name, and the digest that repairing tools put into others.
_TAG = re.compile(r"\.(?:cpython|cp|pypy|abi)[\w-]*(?=\.)|-[0-9a-f]{8}(?=\.)|(?<=\.so)(?:\.\d+)+$")
_URL = re.compile(r"\b(?:https?|wss?|ftp)://(?:[^/\s@'\"]*@)?([A-Za-z0-9.-]{3,255})", re.ASCII)
#: Endings of files that a payload was carried in, or run by another runtime; documents and settings come and go with
#: every release.
_CARRIERS = (
    "js mjs cjs ts sh bash zsh ps1 psm1 bat cmd vbs hta exe com scr msi jar class lua rb pl php wasm node"
    " bin dat pkl pickle pt npz zip gz bz2 xz 7z rar tar whl wav mp3 ogg flac mp4 png jpg jpeg gif bmp ico"
    " webp svg pdf ttf woff pyc pyz pyo"
)
_KINDS = frozenset(f".{one}" for one in _CARRIERS.split())
#: Folders of an sdist in which packages lie, and the one of a wheel that bears its version.
_AROUND = re.compile(r"^(?:src|lib|python)/|^[^/]+\.data/[^/]+/")
_HIDDEN = re.compile(r"[._][a-z][\w-]{1,40}")
#: Names that stand for this machine, or for nobody.
_NOBODY = re.compile(r"(?:localhost|127\.[\d.]+|0\.0\.0\.0|.*\.(?:local|localhost))\.?", re.IGNORECASE)
#: Texts longer than this are data.
_LONGEST = 4096


@dataclass(slots=True)
class Profiler:
    """What has been gathered so far, each thing at its first place; `root` is an sdist's own folder, "" for none."""

    root: str = ""
    _deeds: dict[tuple[Act, str, str], Deed] = field(default_factory=dict)
    _hosts: dict[str, Host] = field(default_factory=dict)
    _startup: dict[str, list[str]] = field(default_factory=dict)
    _natives: dict[str, None] = field(default_factory=dict)
    _kinds: dict[str, None] = field(default_factory=dict)
    _tops: dict[str, None] = field(default_factory=dict)
    _full: bool = False

    def file(self, fact: FileFact) -> None:
        """One member, if it would be installed."""
        if not fact.installed:
            return
        path = self._inner(fact.path)
        folders = path.lower().split("/")
        if folders[0].endswith((".dist-info", ".egg-info")):
            return
        if fact.magic in _NATIVE or path.lower().endswith((".pyd", ".dll", ".dylib")):
            self._put(self._natives, _TAG.sub("", path), None)
        if path.endswith((".py", ".pyi", ".so", ".pyd")):
            self._put(self._tops, _top(path), None)
        ending = folders[-1][folders[-1].rfind(".") :] if "." in folders[-1] else ""
        if ending in _KINDS:
            self._put(self._kinds, ending, None)
        for folder in folders[:-1]:
            if _HIDDEN.fullmatch(folder):
                self._put(self._kinds, f"{folder}/", None)

    def started(self, lines: Iterable[StartupLine]) -> None:
        """The lines of one .pth or .start file."""
        for line in lines:
            if line.executes:
                self._startup.setdefault(self._inner(line.where.file), []).append(line.text)

    def module(self, module: Module) -> None:
        """One parsed file."""
        for call in module.calls:
            if within(call.target, _OUTSIDE) and "!" not in call.where.file:
                self._call(call)
        for literal in module.literals:
            if literal.phase not in RUNS or "!" in literal.where.file:
                continue
            text = literal.text
            if len(text) > _LONGEST or "://" not in text:
                continue
            for found in _URL.findall(text):
                name = found.lower().rstrip(".")
                if "." in name and not _NOBODY.fullmatch(name):
                    self._put(self._hosts, name, Host(name=name, phase=literal.phase, where=literal.where))

    def profile(self) -> Profile:
        """All of it, in an order that does not depend on the archive's."""
        startup = [f"{path} {_digest(lines)}" for path, lines in self._startup.items()]
        bound = limits.MAX_PROFILE
        return Profile(
            deeds=tuple(self._deeds[key] for key in sorted(self._deeds)),
            hosts=tuple(self._hosts[key] for key in sorted(self._hosts)),
            startup=tuple(sorted(startup)[:bound]),
            natives=tuple(sorted(self._natives)),
            kinds=tuple(sorted(self._kinds)),
            tops=tuple(sorted(self._tops)),
            full=self._full or len(startup) > bound,
        )

    def _call(self, call: Call) -> None:
        act, target = next(
            (act, _maker(call.target, names)) for act, names in _ACTS if within(call.target, names)
        )
        key = (act, target, call.phase.value)
        if key not in self._deeds:
            top = _top(self._inner(call.where.file))
            deed = Deed(act=act, target=target[:200], phase=call.phase, where=call.where, top=top)
            self._put(self._deeds, key, deed)

    def _inner(self, path: str) -> str:
        """`path` without what bears a version, or tells an sdist's layout from a wheel's."""
        path = path.replace("\\", "/")
        return _AROUND.sub("", path.removeprefix(f"{self.root}/") if self.root else path)

    def _put(self, table: dict[str, T] | dict[tuple[Act, str, str], T], key: object, value: T) -> None:
        if key not in table:
            if len(table) >= limits.MAX_PROFILE:
                self._full = True
                return
            table[key] = value  # type: ignore[index]  # each caller's key is of its table


def _maker(target: str, names: frozenset[str]) -> str:
    """The one of `names` that `target` is, or is a method of what it returns."""
    while target not in names:
        target = target.rpartition(".")[0]
    return target


def _top(path: str) -> str:
    return path.partition("/")[0].partition(".")[0]


def _digest(lines: Iterable[str]) -> str:
    return blake2b("\n".join(lines).encode("utf-8", "replace"), digest_size=8).hexdigest()
