"""A project's own JSON, as many indexes offer it beside the Simple API: bytes in, Claims out.

It is no standard, and all of it may be wrong: a field that is not what it should be costs that field, and becomes a
gap. A long description is never decoded: readmes of tens of megabytes exist.
"""

from __future__ import annotations

from typing import Any

import msgspec
from packaging.utils import canonicalize_name

from stockade import limits
from stockade.errors import IndexUnavailable
from stockade.model.evidence import Gap, GapKind
from stockade.model.identity import Claims, Vulnerability
from stockade.model.project import ProjectName

_TEXTS = ("version", "summary", "author", "author_email", "maintainer", "maintainer_email")


class _Info(msgspec.Struct):
    """What is read of ``info``; everything else is passed over without being built."""

    name: Any = None
    version: Any = None
    summary: Any = None
    description: msgspec.Raw = msgspec.Raw(b"null")
    author: Any = None
    author_email: Any = None
    maintainer: Any = None
    maintainer_email: Any = None
    home_page: Any = None
    download_url: Any = None
    project_urls: Any = None


class _Page(msgspec.Struct):
    info: msgspec.Raw = msgspec.Raw(b"null")
    ownership: Any = None


class _Exposed(msgspec.Struct):
    vulnerabilities: Any = None


class _Kept(msgspec.Struct, omit_defaults=True):
    info: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    ownership: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    vulnerabilities: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def trimmed(body: bytes) -> bytes:
    """`body` with nothing but what is read of it: most of such a page lists files, megabytes of them. As it is where it
    cannot be read."""
    try:
        return msgspec.json.encode(msgspec.json.decode(body, type=_Kept))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return body


def read_about(body: bytes, project: ProjectName) -> tuple[Claims, tuple[Gap, ...]]:
    """What `body` says of `project`; raises IndexUnavailable where it is no such page, or another project's."""
    try:
        page = msgspec.json.decode(body, type=_Page)
        info = msgspec.json.decode(page.info, type=_Info)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise IndexUnavailable(f"what the index tells about {project} is not a project's JSON") from None
    if isinstance(info.name, str) and canonicalize_name(info.name) != str(project):
        raise IndexUnavailable(f"what the index tells about {project} is about another project")
    reader = _Reader(project)
    texts = {name: reader.text(getattr(info, name), name) for name in _TEXTS}
    owners, organization = reader.ownership(page.ownership)
    claims = Claims(
        **texts,
        description=reader.description(info.description),
        links=reader.links(info),
        owners=owners,
        organization=organization,
    )
    return claims, tuple(reader.gaps.values())


def read_vulnerabilities(body: bytes, project: ProjectName) -> tuple[Vulnerability, ...]:
    """The advisories that hold of the release that `body` is about; raises IndexUnavailable where it tells none.

    Withdrawn ones do not hold; what cannot be read is left out, so that it waives nothing.
    """
    try:
        rows = msgspec.json.decode(body, type=_Exposed).vulnerabilities
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        rows = None
    if not isinstance(rows, list):
        raise IndexUnavailable(f"the index tells no advisories about {project}")
    found = []
    for row in rows[: limits.MAX_ADVISORIES_TOLD]:
        if not isinstance(row, dict) or row.get("withdrawn"):
            continue
        fixed = row.get("fixed_in")
        if isinstance(row.get("id"), str) and isinstance(fixed, list):
            texts = tuple(one[:80] for one in fixed[: limits.MAX_ADVISORIES_TOLD] if isinstance(one, str))
            found.append(Vulnerability(id=row["id"][:80], fixed_in=texts))
    return tuple(found)


class _Reader:
    """Fields of one page, each as what it should be or as a gap."""

    def __init__(self, project: ProjectName) -> None:
        self.project = project
        self.gaps: dict[str, Gap] = {}

    def text(self, value: object, name: str) -> str:
        """`value` if it is a text, cut; "" for none."""
        if isinstance(value, str):
            text = value.strip()
            # What people write where they have nothing to say.
            return "" if text in {"None", "UNKNOWN", "null"} else text[: limits.MAX_CLAIM]
        if value is not None:
            self._gap(name)
        return ""

    def description(self, raw: msgspec.Raw) -> str:
        """The readme; "" for none, and for one that is too long to be compared with another's."""
        if len(memoryview(raw)) > limits.MAX_DESCRIPTION:
            self._gap("description", "is too long to be compared")
            return ""
        try:
            value = msgspec.json.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            value = False
        if value is not None and not isinstance(value, str):
            self._gap("description")
        return value if isinstance(value, str) else ""

    def links(self, info: _Info) -> tuple[tuple[str, str], ...]:
        """Home page first, then the others as they stand."""
        found = [("Homepage", self.text(info.home_page, "home_page"))]
        found.append(("Download", self.text(info.download_url, "download_url")))
        urls = info.project_urls
        if isinstance(urls, dict):
            for label, value in list(urls.items())[: limits.MAX_CLAIMED_LINKS]:
                found.append((str(label)[:80], self.text(value, "project_urls")))
        elif urls is not None:
            self._gap("project_urls")
        return tuple(dict.fromkeys(one for one in found if one[1]))

    def ownership(self, value: object) -> tuple[tuple[str, ...] | None, str | None]:
        """Accounts by role, and the organization; None for what is not told.

        An index that names an organization lists no roles of its members: that is unknown too, not nobody.
        """
        if value is None:
            return None, None
        if not isinstance(value, dict):
            self._gap("ownership")
            return None, None
        organization = self.text(value.get("organization"), "ownership.organization") or None
        roles = value.get("roles")
        if not isinstance(roles, list):
            if roles is not None:
                self._gap("ownership.roles")
            return None, organization
        found = []
        for one in roles[: limits.MAX_OWNERS_TOLD]:
            user = one.get("user") if isinstance(one, dict) else None
            if isinstance(user, str) and user:
                found.append(user[:80])
            else:
                self._gap("ownership.roles")
        return tuple(sorted(set(found))) or None, organization

    def _gap(self, name: str, said: str = "cannot be read") -> None:
        why = f"what the index gives as {name} in its JSON {said}"
        self.gaps.setdefault(name, Gap(kind=GapKind.SCOPE, what=str(self.project), why=why))
