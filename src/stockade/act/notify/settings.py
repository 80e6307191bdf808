"""Reads watch.toml: how often to look, and who is told.

It lies in the configuration folder and not with a policy, since a policy may come with a project that nobody has
vetted, and what is installed on a machine is nothing for a stranger's webhook (docs/decisions/0013-watch.md). Strict: a
key that is unknown is an error, because whoever believes that they will be told must be.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from stockade import limits
from stockade.act.notify.channels import Channel, Terminal, desktop
from stockade.act.notify.webhook import Kind, Webhook, checked
from stockade.decide.policyfile import duration, line_of, plain
from stockade.errors import BadWatch, NotifyFailed
from stockade.remember.ours import only_ours

NAME = "watch.toml"
VERSION = 1
_TOP = ("version", "every", "terminal", "desktop", "webhook")
_HOOK = ("name", "kind", "url", "url-env", "url-file", "secret-env", "secret-file")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LEAST, _MOST = timedelta(minutes=5), timedelta(weeks=4)
#: Bytes of a secret that a signature is made with; fewer could be guessed.
_SECRET = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A webhook as it is written: where its address and its secret stand, not what they are."""

    name: str
    kind: Kind
    url: str = ""
    url_env: str = ""
    url_file: str = ""
    secret_env: str = ""
    secret_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Who is told, and how often is looked. `source` is the file, None for the defaults."""

    every: timedelta = timedelta(hours=1)
    terminal: bool = True
    desktop: bool = True
    hooks: tuple[Hook, ...] = ()
    source: Path | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that hold addresses or secrets: a service has none of them."""
        named = (one for hook in self.hooks for one in (hook.url_env, hook.secret_env))
        return tuple(dict.fromkeys(one for one in named if one))


def read_settings(folder: Path) -> Settings:
    """Those of watch.toml in `folder`, or the defaults where it isn't there; raises BadWatch.

    Others may not write to it, and not read it either where an address stands in it: who knows it can write there.
    """
    path = folder / NAME
    try:
        raw = _bytes(path, limits.MAX_POLICY)
    except FileNotFoundError:
        return Settings()
    except OSError as why:
        raise BadWatch(f"{path} cannot be used: {why.strerror or why}") from None
    try:
        settings = parse_settings(raw.decode("utf-8"), path)
    except UnicodeDecodeError:
        raise BadWatch(f"{path} is not UTF-8 text") from None
    if any(hook.url for hook in settings.hooks) and path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        raise BadWatch(
            f"{path} holds a webhook's address, and others may read it; chmod 600 it, or use url-file"
        )
    return settings


def parse_settings(text: str, source: Path) -> Settings:
    """The settings in `text`; raises BadWatch, in one sentence, for what is not exactly that."""
    try:
        root = tomllib.loads(text)
    except RecursionError:
        raise BadWatch(f"{source} is nested too deeply") from None
    except ValueError as why:
        raise BadWatch(f"{source} is not TOML: {why}") from None
    reader = _Reader(text, source)
    reader.known(root, _TOP, "")
    if root.get("version", VERSION) != VERSION or isinstance(root.get("version"), bool):
        raise reader.fail("version", f"must be {VERSION}; a newer file needs a newer Stockade")
    hooks = root.get("webhook", [])
    if not isinstance(hooks, list) or not all(isinstance(one, Mapping) for one in hooks):
        raise reader.fail("webhook", "must be written as [[webhook]]")
    made = tuple(map(reader.hook, hooks))
    names = [one.name for one in made]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise reader.fail("webhook", f"{twice!r} is there twice; each needs a name of its own")
    return Settings(
        every=reader.every(root),
        terminal=reader.switch(root, "terminal"),
        desktop=reader.switch(root, "desktop"),
        hooks=made,
        source=source,
    )


class _Reader:
    def __init__(self, text: str, source: Path) -> None:
        self._text, self._source = text, source

    def fail(self, key: str, problem: str) -> BadWatch:
        line = line_of(self._text, tuple(key.split(".")))
        where = f"{self._source}, line {line}" if line else str(self._source)
        return BadWatch(f"{where}: {plain(key)} {problem}")

    def known(self, node: Mapping[str, Any], valid: Collection[str], at: str) -> None:
        for name in node:
            if name not in valid:
                raise self.fail(at + name, f"is no key of watch.toml; valid here: {', '.join(valid)}")

    def every(self, root: Mapping[str, Any]) -> timedelta:
        if "every" not in root:
            return Settings().every
        raw = root["every"]
        try:
            length = duration(raw) if isinstance(raw, str) else None
        except ValueError:
            length = None
        if length is None or not _LEAST <= length <= _MOST:
            raise self.fail("every", 'must be a duration from "5m" to "4w", such as "1h"')
        return length

    def switch(self, root: Mapping[str, Any], key: str) -> bool:
        value = root.get(key, True)
        if not isinstance(value, bool):
            raise self.fail(key, "must be true or false")
        return value

    def hook(self, node: Mapping[str, Any]) -> Hook:
        self.known(node, _HOOK, "webhook.")
        for key, value in node.items():
            if not isinstance(value, str) or not value or not value.isprintable():
                raise self.fail(f"webhook.{key}", "must be a text")
        name, kind = node.get("name", ""), node.get("kind", "")
        if not _NAME.fullmatch(name) or name in {"terminal", "desktop"}:
            raise self.fail(
                "webhook.name", "must be small letters, digits and hyphens, and no channel of this machine"
            )
        if kind not in set(Kind):
            raise self.fail("webhook.kind", f"must be one of {', '.join(Kind)}")
        self._places(node, name, kind)
        try:
            checked(node.get("url", "https://checked.invalid"))
        except NotifyFailed as why:
            raise self.fail("webhook.url", f"cannot be used: {why}") from None
        rest = {key.replace("-", "_"): value for key, value in node.items() if key not in {"name", "kind"}}
        return Hook(name=name, kind=Kind(kind), **rest)

    def _places(self, node: Mapping[str, Any], name: str, kind: str) -> None:
        """Where its address and its secret stand."""
        given = [key for key in ("url", "url-env", "url-file") if key in node]
        if len(given) != 1:
            raise self.fail("webhook", f"{name} needs exactly one of url, url-env, url-file")
        if "secret-env" in node and "secret-file" in node:
            raise self.fail("webhook", f"{name} has secret-env and secret-file; one of them is enough")
        if kind != Kind.JSON and {"secret-env", "secret-file"} & set(node):
            raise self.fail("webhook", f"{name}: {kind} checks no signature; its address is its secret")
        for key in ("url-env", "secret-env"):
            if key in node and not _VARIABLE.fullmatch(node[key]):
                raise self.fail(f"webhook.{key}", "must be the name of a variable, without its value")


def channels(
    settings: Settings, folder: Path, environ: Mapping[str, str], says: Callable[[str], None]
) -> tuple[Channel, ...]:
    """The channels that there are: those of the settings, less a desktop that isn't there."""
    found: list[Channel] = []
    if settings.terminal:
        found.append(Terminal(says))
    if settings.desktop and (one := desktop(environ)) is not None:
        found.append(one)
    return (*found, *(_webhook(hook, folder, environ) for hook in settings.hooks))


def _webhook(hook: Hook, folder: Path, environ: Mapping[str, str]) -> Webhook:
    return Webhook(
        name=hook.name,
        kind=hook.kind,
        url=partial(_url, hook, folder, environ),
        secret=partial(_secret, hook, folder, environ),
    )


def _url(hook: Hook, folder: Path, environ: Mapping[str, str]) -> str:
    if hook.url:
        return hook.url
    if hook.url_env:
        return _variable(hook.url_env, environ)
    return _file(folder / hook.url_file)


def _secret(hook: Hook, folder: Path, environ: Mapping[str, str]) -> bytes | None:
    if not hook.secret_env and not hook.secret_file:
        return None
    text = _variable(hook.secret_env, environ) if hook.secret_env else _file(folder / hook.secret_file)
    if len(text.encode()) < _SECRET:
        raise NotifyFailed(f"its secret is shorter than {_SECRET} bytes")
    return text.encode()


def _variable(name: str, environ: Mapping[str, str]) -> str:
    if not environ.get(name):
        raise NotifyFailed(f"the variable {name} is not set")
    return environ[name]


def _file(path: Path) -> str:
    """What stands in a file that its owner alone may read."""
    try:
        raw = _bytes(path, limits.MAX_SECRET)
        if path.stat().st_mode & 0o077:
            raise NotifyFailed(f"others may read {path}; chmod 600 it")
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise NotifyFailed(f"{path} is not UTF-8 text") from None
    except OSError as why:
        raise NotifyFailed(f"{path} cannot be used: {why.strerror or why}") from None


def _bytes(path: Path, most: int) -> bytes:
    """A small file that nobody else may write to; raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise PermissionError(1, "it is no plain file")
        only_ours(found)
        raw = file.read(most + 1)
    if len(raw) > most:
        raise PermissionError(1, f"it is larger than {most} bytes")
    return raw
