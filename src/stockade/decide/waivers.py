"""Waivers: exceptions pinned to a digest, dated, with a reason, expiring. Values and their file's text.

The file (``stockade-waivers.toml``, docs/formats.md) is meant to be reviewed like code; see
docs/decisions/0004-waivers-in-a-file.md. Reading and writing it on disk is ``remember/waivers.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from packaging.utils import canonicalize_name, canonicalize_version

from stockade.decide.toml import load
from stockade.errors import BadPolicy, BadRequirement
from stockade.model.project import Digest, digest, project_name

VERSION = 1
_KEYS = ("project", "version", "sha256", "because", "created", "expires", "by")
_OPTIONAL = frozenset({"project", "version"})
_HEADER = (
    "# Exceptions that Stockade honours until they expire. Each names exact bytes; review them like code.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One artifact that may run although it was refused.

    `project` (normalised) and `version` are "" for an archive that claims neither; the digest is what
    pins. `created` and `expires` are aware. `because` is a person's reason, `by` who gave it.
    """

    project: str
    version: str
    sha256: Digest
    because: str
    created: datetime
    expires: datetime
    by: str

    def covers(self, project: str, version: str, sha256: str) -> bool:
        """Whether it names exactly this file of exactly this release."""
        if self.sha256 != sha256:
            return False
        if not self.project:
            return True
        return self.project == canonicalize_name(project) and canonicalize_version(
            self.version
        ) == canonicalize_version(version)

    def length(self, now: datetime) -> timedelta:
        """How long it runs. One that was dated into the future runs from `now`, so that buys nothing."""
        return self.expires - min(self.created, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a file of waivers says of one artifact: the one that counts, and those that do not."""

    valid: Waiver | None = None
    expired: tuple[Waiver, ...] = ()
    too_long: tuple[Waiver, ...] = ()


def find(
    waivers: Iterable[Waiver], *, project: str, version: str, sha256: str, now: datetime, longest: timedelta
) -> Found:
    """The waiver for these bytes that runs longest after `now` (aware), and those that do not count.

    One that has expired never counts, nor one that runs for more than `longest` altogether.
    """
    mine = [one for one in waivers if one.covers(project, version, sha256)]
    running = [one for one in mine if now < one.expires]
    admitted = [one for one in running if one.length(now) <= longest]
    return Found(
        valid=max(admitted, key=lambda one: one.expires, default=None),
        expired=tuple(one for one in mine if one not in running),
        too_long=tuple(one for one in running if one not in admitted),
    )


def make(
    *, project: str, version: str, sha256: str, because: str, by: str, now: datetime, lasting: timedelta
) -> Waiver:
    """A waiver from `now` on.

    Raises BadPolicy where the reason says nothing or it would not last, BadRequirement for no name or digest.
    """
    if sum(char.isalpha() for char in because) < 3:
        raise BadPolicy("a waiver needs a reason in words, for whoever reviews it")
    if lasting <= timedelta(0):
        raise BadPolicy("a waiver must last for some time, such as 7d")
    start = now.astimezone(UTC).replace(microsecond=0)
    return Waiver(
        project=project_name(project) if project else "",
        version=version,
        sha256=_pin(sha256),
        because=because,
        created=start,
        expires=start + lasting,
        by=by,
    )


def add(waivers: Iterable[Waiver], new: Waiver) -> tuple[Waiver, ...]:
    """`waivers` with `new` in place of any other for the same bytes and release."""
    kept = [one for one in waivers if not one.covers(new.project, new.version, new.sha256)]
    return (*kept, new)


def parse_waivers(text: str, *, source: str) -> tuple[Waiver, ...]:
    """The waivers in `text` ("" is none); raises BadPolicy for anything that is not exactly such a file."""
    if not text:
        return ()
    root = load(text, source)
    unknown = sorted(set(root) - {"version", "waiver"})
    if unknown:
        raise BadPolicy(f"{source}: {unknown[0]!a} is not a key here; valid: version, waiver")
    if root.get("version", VERSION) != VERSION:
        raise BadPolicy(
            f"{source}: version is {root['version']!r}, but this Stockade reads version {VERSION}"
        )
    entries = root.get("waiver", [])
    if not isinstance(entries, list):
        raise BadPolicy(f"{source}: waivers are written as [[waiver]] tables")
    return tuple(_waiver(entry, f"{source}, waiver {number}") for number, entry in enumerate(entries, 1))


def _waiver(entry: Any, at: str) -> Waiver:
    if not isinstance(entry, Mapping):
        raise BadPolicy(f"{at} must be a table")
    for key in entry:
        if key not in _KEYS:
            raise BadPolicy(f"{at}: {key!a} is not a key of a waiver; valid: {', '.join(_KEYS)}")
    for key in _KEYS:
        if key not in entry and key not in _OPTIONAL:
            raise BadPolicy(f"{at} lacks {key}")
    texts = {key: _text(entry.get(key, ""), key, at) for key in _KEYS if key not in ("created", "expires")}
    created, expires = _moment(entry["created"], "created", at), _moment(entry["expires"], "expires", at)
    if expires <= created:
        raise BadPolicy(f"{at}: expires must be later than created")
    if bool(texts["project"]) != bool(texts["version"]):
        raise BadPolicy(f"{at}: project and version go together")
    try:
        name = project_name(texts["project"]) if texts["project"] else ""
        pinned = _pin(texts["sha256"])
    except BadRequirement as why:
        raise BadPolicy(f"{at}: {why}") from None
    return Waiver(
        project=name,
        version=texts["version"],
        sha256=pinned,
        because=texts["because"],
        created=created,
        expires=expires,
        by=texts["by"],
    )


def _pin(raw: str) -> Digest:
    """A digest of bytes that were had; all zeros stands for those that were not, and pins nothing."""
    pinned = digest(raw)
    if not pinned.strip("0"):
        raise BadRequirement(f"{raw!r} is the digest of nothing")
    return pinned


def _text(value: Any, key: str, at: str) -> str:
    if not isinstance(value, str) or (not value.strip() and key not in _OPTIONAL):
        raise BadPolicy(f"{at}: {key} must be text")
    return value


def _moment(value: Any, key: str, at: str) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise BadPolicy(f"{at}: {key} must be a date and time with a zone, such as 2030-01-31T12:00:00Z")
    return value.astimezone(UTC)


def serialise(waivers: Iterable[Waiver]) -> str:
    """The file's text; `parse_waivers` reads the same waivers back."""
    import tomli_w

    rows = []
    for one in waivers:
        row: dict[str, object] = {key: getattr(one, key) for key in _KEYS}
        if not one.project:
            del row["project"], row["version"]
        rows.append(row)
    return _HEADER + tomli_w.dumps({"version": VERSION, "waiver": rows})
