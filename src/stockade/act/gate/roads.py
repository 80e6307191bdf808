"""The roads that lead past the gate of `stockade run`, as far as a command line and the settings show them.

A forward proxy sees everything that an installer fetches, unless the installer is told to use another proxy or
takes files from this machine. `open_roads` says what it sees of that. What it can't see (a script that unsets
its variables, an option deep in a Makefile) is for the jail.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from stockade.acquire.index.pip_settings import config_files, read_pip
from stockade.acquire.index.settings import Source, SourceKind, World, source_of
from stockade.acquire.index.uv_settings import proxies_set, read_uv
from stockade.act.gate.environment import BUNDLES, BYPASSES, CACHES, PROXIES, has_proxy, is_isolated
from stockade.act.gate.local_files import LocalFiles
from stockade.errors import UsageError

#: Commands that start others without our environment, or elsewhere, and what to write instead.
_ELSEWHERE = {
    **dict.fromkeys(("sudo", "doas", "su", "runuser"), "run `{0} … stockade run -- COMMAND` instead"),
    **dict.fromkeys(
        ("docker", "podman", "nerdctl", "buildah", "ssh", "systemd-run", "lxc", "kubectl"),
        "use `stockade run` inside of it, or point it at a standing gate (`stockade serve`)",
    ),
}
_OURS = frozenset((*PROXIES, *BYPASSES, *BUNDLES, *CACHES, "PIP_PROXY", "PIP_NO_PROXY_ENV"))
_PIP = re.compile(r"pip[0-9.]*|pip-(?:compile|sync)|piptools")
_UV = frozenset({"uv", "uvx"})
#: What installs from a project's own lock.
_PROJECTS = frozenset({"uv", "poetry", "pdm"})
_VCS = re.compile(r"(?:^|@\s*|=)(?P<vcs>git|hg|svn|bzr)\+(?P<way>[a-z]+):", re.IGNORECASE)
_SSH = re.compile(r"(?:^|@\s*)(?:ssh://|git@[\w.-]+:)", re.IGNORECASE)
_LINKS = ("--find-links", "-f")
_REQUIREMENTS = ("-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints")
_INDEXES = (
    *("-i", "--index-url", "--extra-index-url", "--default-index", "--index"),
    *("--pypi-url",),
)


@dataclass(frozen=True, slots=True)
class Roads:
    """`sentences` are roads past the gate, each with what to do; `notes` say what will fail or stay empty.

    `local` are the distribution files of this machine that the command may install from, to be judged beforehand.
    """

    sentences: tuple[str, ...] = ()
    local: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Command:
    """A command line, taken apart: every word, also those inside of quoted ones, and the options with values."""

    words: tuple[str, ...]
    options: tuple[tuple[str, str], ...]

    def values(self, *names: str) -> list[str]:
        return [value for name, value in self.options if name in names]

    def has(self, *names: str) -> bool:
        return any(name in names for name, _ in self.options)


def open_roads(argv: Sequence[str], world: World) -> Roads:
    """What of `argv`, started in `world`, would not come through the gate.

    Raises UsageError where settings are such that pip or uv would refuse to start.
    """
    command = _taken_apart(argv)
    world = _where(command, world)
    files = LocalFiles(world)
    for source in _sources(command, world):
        files.add_source(source)
    for word in command.words:
        files.add_target(word, world.cwd)
    for path in command.values(*_REQUIREMENTS):
        files.add_requirements(path, world.cwd)
    if _tools(command) & _PROJECTS:
        files.add_locks(world.cwd)
    sentences = [*_past(command, world), *files.sentences]
    texts = (*command.words, *files.texts)
    sentences += _unseen_vcs(texts)
    return Roads(
        tuple(dict.fromkeys(sentences)), tuple(files.paths), tuple(dict.fromkeys(_notes(command, texts)))
    )


def _taken_apart(argv: Sequence[str]) -> _Command:
    words = list(_words(argv))
    options = []
    for place, word in enumerate(words):
        if not word.startswith("-"):
            continue
        name, sign, value = word.partition("=")
        if not sign:
            value = words[place + 1] if place + 1 < len(words) else ""
        options.append((name, value))
        if not word.startswith("--") and len(word) > 2:
            options.append((word[:2], word[2:]))
    return _Command(tuple(words), tuple(options))


def _words(argv: Sequence[str]) -> Iterator[str]:
    """The words, and behind each that holds several (``sh -c '…'``, ``--pip-args='…'``) those as well."""
    for word in argv:
        yield word
        inner = word.partition("=")[2] if word.startswith("--") else word
        if any(one.isspace() for one in inner) or (inner is not word and inner.startswith("-")):
            try:
                parts = shlex.split(inner)
            except ValueError:
                parts = inner.split()
            yield from (part for part in parts if part != word)


def _where(command: _Command, world: World) -> World:
    """The world as the command sees it: uv's options for its configuration and its folder."""
    if not _tools(command) & _UV:
        return world
    env: Mapping[str, str] = world.env
    for name in command.values("--config-file"):
        env = {**env, "UV_CONFIG_FILE": name}
    if command.has("--no-config"):
        env = {**env, "UV_NO_CONFIG": "1"}
    for name in command.values("--directory", "--project"):
        world = replace(world, cwd=world.cwd / name)
    return replace(world, env=env)


def _tools(command: _Command) -> frozenset[str]:
    return frozenset(PurePath(word).name for word in command.words)


def _sources(command: _Command, world: World) -> Iterator[Source]:
    """Every index and find-links that could be asked; where the tool is not known, pip's and uv's."""
    tools = _tools(command)
    uv = bool(tools & _UV)
    pip = any(_PIP.fullmatch(one) for one in tools)
    if pip or not uv:
        yield from read_pip(world).sources
    if uv or not pip:
        yield from read_uv(world).sources
    if not (pip or uv):
        return
    kinds = {SourceKind.LINKS: _LINKS, SourceKind.SIMPLE: _INDEXES}
    for kind, names in kinds.items():
        for value in command.values(*names):
            text = value.partition("=")[2] if re.match(r"[\w.-]+=", value) else value
            try:
                yield source_of(text, "the command line", world.cwd, kind)
            except UsageError:
                continue  # the installer's to refuse


def _past(command: _Command, world: World) -> Iterator[str]:
    for name in ("--proxy", "--no-proxy-env"):
        if command.has(name):
            yield f"{name} leads past the gate: leave it out (Stockade itself asks through your settings' proxy)"
    for name in ("--cache-dir", "--cache"):
        if any(value and not value.startswith("-") for value in command.values(name)):
            yield f"{name} names a cache whose files nobody may have judged: leave it out"
    yield from _stripped(command)
    if is_isolated(command.words):
        for path in filter(has_proxy, config_files(world)):
            yield f"pip --isolated takes the proxy of {path}, past the gate: leave --isolated or that proxy out"
    for where in proxies_set(world):
        yield f"{where} gives uv a proxy of its own, past the gate: set HTTPS_PROXY instead, which Stockade then uses"


def _stripped(command: _Command) -> Iterator[str]:
    """Commands that run others without the environment that leads to the gate."""
    first = PurePath(command.words[0]).name if command.words else ""
    if first in _ELSEWHERE:
        yield f"{first} starts its command where the gate isn't seen: " + _ELSEWHERE[first].format(first)
    if first == "env":
        dropped = set(command.values("-u", "--unset")) & _OURS
        if dropped or command.has("-i", "--ignore-environment") or command.words[1:2] == ("-",):
            yield "env takes the gate out of its command's environment: leave -i and -u out"
    for word in command.words:
        name, sign, _ = word.partition("=")
        if sign and name in _OURS:
            yield f"{name}=… on the command line takes the gate out of the way: leave it out"


def _unseen_vcs(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        found = _VCS.search(text)
        if not found:
            continue
        vcs, way = found["vcs"].lower(), found["way"].lower()
        if vcs in {"svn", "bzr"} or (vcs == "hg" and way == "ssh"):
            yield f"{vcs}+{way}: goes past the gate: name a release or an archive instead"


def _notes(command: _Command, texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        found = _VCS.search(text)
        if found and found["vcs"].lower() == "git" and found["way"].lower() != "file":
            yield "a git requirement can't be judged, and the gate refuses it: name a release or an archive instead"
        elif _SSH.search(text):
            yield "git over ssh is closed in `stockade run`: name a release or an archive instead"
    for name in ("--cert", "--ca-certs"):
        if command.has(name):
            yield f"{name} names certificates without the gate's, so its connections will fail: leave it out"
    if command.has("--offline"):
        yield "--offline fetches nothing; what there is comes from the cache of gated runs"
    tools = [PurePath(word).name for word in command.words]
    if "pipx" in tools and "run" in tools and not command.has("--no-cache"):
        yield "pipx run may use an environment that it made before, without the gate: --no-cache makes it anew"
