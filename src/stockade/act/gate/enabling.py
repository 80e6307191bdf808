"""Pointing pip and uv of one user at a standing gate, and taking that back.

`planned` reads and decides, `done` writes; between them nothing has changed. The order is what makes a crash
harmless: first the upstream, so that the gate never learns of itself; then the journal, so that whatever was changed
can be taken back; then one installer's file after the other, each whole.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from stockade import limits
from stockade.acquire.index import pip_settings, uv_settings
from stockade.acquire.index.credentials import shown_url, without_login
from stockade.acquire.index.settings import Source, SourceKind, World
from stockade.act.gate import pip_file, uv_file
from stockade.act.gate.address import same
from stockade.act.gate.edits import undone
from stockade.act.gate.journal import Changed, Journal, forget_journal, write_journal
from stockade.act.gate.upstream import Upstream, write_upstream
from stockade.errors import BadSettings
from stockade.remember import files

#: A new configuration file; an index is no secret.
_MODE = 0o644
#: Variables that choose files of configuration.
_OF_THIS_SHELL = frozenset({"PIP_CONFIG_FILE", "UV_CONFIG_FILE", "UV_NO_CONFIG", "VIRTUAL_ENV"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file as it is and as it would be; `before` is None for one that isn't there, `after` for one that goes."""

    installer: str
    path: Path
    before: str | None
    after: str | None
    folders: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be written; `journal` is None where nothing is left to remember."""

    changes: tuple[Change, ...]
    journal: Journal | None
    upstream: Upstream | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """A user's own configuration file as it is, and with the gate's lines taken out of it."""

    installer: str
    path: Path
    current: str | None
    plain: str
    known: Changed | None


def planned(
    world: World,
    gate: str,
    *,
    now: datetime,
    journal: Journal | None,
    upstream: Upstream | None,
    chosen: str | None = None,
) -> Plan:
    """What makes the user's pip and uv ask `gate`.

    `journal` and `upstream` are what an earlier call left; `chosen` is the index that a person wants behind the gate.
    Raises BadSettings where a file cannot be understood, is another user's, or holds a login that would be lost.
    """
    found = list(_files(world, journal))
    changes, changed, taken = [], [], []
    for one in found:
        if one.installer == "pip":
            made, edits, extra = pip_file.pointed(one.plain, gate, str(one.path))
            taken += [(url, str(one.path)) for url in extra]
        else:
            made, edits = uv_file.pointed(one.plain, gate, str(one.path))
        if undone(made, edits) != (one.plain, ()):
            raise BadSettings(f"{one.path} could not be restored exactly, so it is left alone")
        created = one.current is None or (one.known is not None and one.known.created)
        folders = tuple(_missing(one.path)) if one.current is None else one.known.folders if one.known else ()
        changes.append(
            Change(installer=one.installer, path=one.path, before=one.current, after=made, folders=folders)
        )
        changed.append(
            Changed(
                installer=one.installer, path=one.path, edits=tuple(edits), created=created, folders=folders
            )
        )
    behind = _upstream(world, gate, journal, upstream, chosen, taken)
    unchanged = all(one.before == one.after for one in changes)
    kept = journal if journal and journal.gate == gate and unchanged else None
    return Plan(
        changes=tuple(one for one in changes if one.before != one.after),
        journal=kept or Journal(gate=gate, at=now, files=tuple(changed)),
        upstream=behind,
    )


def taken_back(world: World, journal: Journal) -> Plan:
    """What puts every file back as it was before, but for lines that were changed since; those are told as notes.

    Raises BadSettings where a file cannot be read or is another user's.
    """
    changes, notes = [], []
    for one in journal.files:
        current = _text(one.path)
        if current is None:
            continue
        after, lost = undone(current, one.edits)
        if lost:
            still = f"; it still names the gate, {journal.gate}" if journal.gate in after else ""
            notes.append(
                f"{one.path}: {_count(len(lost))} changed since then, so that is left as it is{still}"
            )
        goes = one.created and not after.strip()
        if goes or after != current:
            changes.append(
                Change(
                    installer=one.installer,
                    path=one.path,
                    before=current,
                    after=None if goes else after,
                    folders=one.folders,
                )
            )
    return Plan(changes=tuple(changes), journal=None, upstream=None, notes=tuple(notes))


def _count(number: int) -> str:
    return "a line that `stockade enable` wrote was" if number == 1 else f"{number} lines of ours were"


def done(plan: Plan, folder: Path) -> None:
    """Write it; `folder` is the data folder. Raises StoreFailed."""
    if plan.upstream is not None:
        write_upstream(folder, plan.upstream)
    if plan.journal is not None:
        write_journal(folder, plan.journal)
    for one in plan.changes:
        with files.saying_where(one.path):
            if one.after is None:
                _removed(one)
                continue
            one.path.parent.mkdir(parents=True, exist_ok=True)
            files.replace(one.path, one.after.encode("utf-8"), mode=_MODE)
    if plan.journal is None:
        forget_journal(folder)


def _removed(one: Change) -> None:
    one.path.unlink()
    for folder in one.folders:
        try:
            folder.rmdir()
        except OSError:  # something else came to be there
            return


def _files(world: World, journal: Journal | None) -> Iterator[_File]:
    for installer, named in (("pip", pip_settings.user_file(world)), ("uv", uv_settings.user_file(world))):
        path = Path(os.path.realpath(named))  # a link stays one
        current = _text(path)
        known = journal.of(path) if journal else None
        plain, _ = undone(current or "", known.edits if known else ())
        yield _File(installer, path, current, plain, known)


def _text(path: Path) -> str | None:
    """A configuration file's text, None where there is none; raises BadSettings."""
    try:
        there = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        folder = next(one for one in path.parents if one.exists())
        _ours(folder.stat().st_uid, folder)
        return None
    except OSError as why:
        raise BadSettings(f"{path} cannot be read: {why.strerror}") from None
    if not stat.S_ISREG(there.st_mode):
        raise BadSettings(f"{path} is no plain file, so it is left alone")
    _ours(there.st_uid, path)
    if there.st_size > limits.MAX_CONFIG:
        raise BadSettings(f"{path} is larger than {limits.MAX_CONFIG >> 20} MiB, so it is left alone")
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as why:
        raise BadSettings(f"{path} cannot be read: {why.strerror}") from None
    except UnicodeDecodeError:
        raise BadSettings(f"{path} is not UTF-8 text, so it is left alone") from None


def _ours(owner: int, path: Path) -> None:
    if owner != os.geteuid():
        raise BadSettings(f"{path} belongs to another user; run this as that user, without sudo")


def _missing(path: Path) -> Iterator[Path]:
    """The folders that would be made for `path`, the innermost first."""
    for folder in path.parents:
        if folder.exists():
            return
        yield folder


def _upstream(
    world: World,
    gate: str,
    journal: Journal | None,
    earlier: Upstream | None,
    chosen: str | None,
    taken: Sequence[tuple[str, str]],
) -> Upstream:
    """The index behind the gate: the one that was chosen, else the one from before, else what pip or uv use now."""
    for url, where in taken:
        _without_login(url, where)
    known = earlier or Upstream()
    # While the gate is in use the configuration names the gate, and tells no more what was there before.
    index = known.index
    if chosen is not None:
        index = _without_login(chosen, "--upstream")
    elif earlier is None or journal is None:
        index = _configured(world, gate) or index
    if same(index, gate):
        raise BadSettings(
            "the index behind the gate would be the gate itself; name the real one with --upstream URL"
        )
    extra = dict.fromkeys(
        (*known.extra, *(url for url, _ in taken)) if journal else (url for url, _ in taken)
    )
    return Upstream(index=index, extra=tuple(extra))


def _configured(world: World, gate: str) -> str:
    """The one index that pip and uv are set up with, "" for pip's own default."""
    # A project's settings are not the user's, and which files hold in this shell alone says nothing of others.
    env = {name: value for name, value in world.env.items() if name not in _OF_THIS_SHELL}
    outside = replace(world, cwd=world.root, env=env)
    pip, uv = pip_settings.read_pip(outside), uv_settings.read_uv(outside)
    defaults = [
        one
        for one in (_default(pip.sources[:1], pip.has_default), _uv_default(uv.sources, uv.has_default))
        if one
    ]
    urls: dict[str, Source] = {one.url.rstrip("/"): one for one in defaults if not same(one.url, gate)}
    for one in urls.values():
        if one.login is not None:
            raise BadSettings(_lost(one.url, "the configuration"))
        if one.kind is not SourceKind.SIMPLE:
            raise BadSettings(f"{shown_url(one.url)} is a flat index, and a gate asks simple ones")
    if len(urls) > 1:
        both = " and ".join(shown_url(one.url) for one in urls.values())
        raise BadSettings(
            f"pip and uv use different indexes ({both}); say with --upstream which one the gate asks"
        )
    return next((one.url for one in urls.values()), "")


def _default(sources: Sequence[Source], has_default: bool) -> Source | None:
    return sources[0] if sources and has_default else None


def _uv_default(sources: Sequence[Source], has_default: bool) -> Source | None:
    """uv asks its default index last, before find-links."""
    plain = [one for one in sources if one.kind is not SourceKind.LINKS]
    return _default(plain[-1:], has_default)


def _without_login(url: str, where: str) -> str:
    plain, login = without_login(url, where)
    if login is not None:
        raise BadSettings(_lost(plain, where))
    return plain


def _lost(url: str, where: str) -> str:
    host = shown_url(url)
    return (
        f"the index {host} stands in {where} with a login, and the gate would ask it without: put the login into the"
        " netrc file of whoever runs the gate (machine HOST login USER password WORD), take it out of the URL, and"
        " run this again"
    )
