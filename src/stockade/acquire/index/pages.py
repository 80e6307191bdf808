"""What project pages share, in JSON or HTML: files, read as untrusted, and the gaps that they leave.

What a page gets wrong costs the field or the file that it concerns, and becomes a gap.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from stockade import limits
from stockade.acquire.index.credentials import without_login
from stockade.acquire.index.listing import SDIST_ENDINGS, Listing, version_of
from stockade.errors import BadRequirement, IndexUnavailable
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import ArtifactRef, Digest, ProjectName, Release, digest

#: The years in which a file can have been uploaded.
_YEARS = range(2000, 2101)
#: An address that needs no closer look; nearly all are so, and urllib takes most of a page's time.
_PLAIN_URL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,4})?/[A-Za-z0-9._~/+-]*")


@dataclass(slots=True)
class Reader:
    """What one page is read into: the label of its source, and the URL that it came from.

    `of_any` says that it may list other projects' files too (find-links).
    """

    project: ProjectName
    index: str
    page: str
    of_any: bool = False
    files: list[ArtifactRef] = field(default_factory=list)
    gaps: dict[tuple[str, str], Gap] = field(default_factory=dict)

    def gap(self, what: object, why: str, kind: GapKind = GapKind.LIMIT) -> None:
        """Note what of the page could not be used; `what` may be anything that the page holds."""
        shown = what if isinstance(what, str) else repr(what)
        shown = shown[: limits.MAX_EXCERPT]
        if len(self.gaps) < limits.MAX_LISTING_GAPS:
            self.gaps.setdefault((shown, why), Gap(kind=kind, what=shown, why=why))

    def add(self, filename: str, url: str, **facts: Any) -> None:
        """One file, if its name and address can be trusted to be what they seem."""
        version = version_of(filename, self.project)
        if version is None:
            if not self.of_any and filename.lower().endswith((".whl", *SDIST_ENDINGS)):
                why = f"it is listed for {self.project}, and its name is not that of one of its files"
                self.gap(filename, why, GapKind.SCOPE)
            return
        address = self._address(filename, url)
        if address is None:
            return
        release = Release(name=self.project, version=version)
        self.files.append(
            ArtifactRef(release=release, filename=filename, url=address, index=self.index, **facts)
        )

    def _address(self, filename: str, url: str) -> str | None:
        """Where to get a file, or None with a gap."""
        if _PLAIN_URL.fullmatch(url) and url.endswith(f"/{filename}"):
            return url
        try:
            full = urljoin(self.page, url)
            parts = urlsplit(full)
            _ = parts.port  # raises where the port isn't a number
        except ValueError:
            self.gap(filename, "its address is not a URL")
            return None
        if not _allowed(parts.scheme, self.page) or (parts.scheme != "file" and not parts.hostname):
            self.gap(filename, "its address is not one that this index may send us to")
            return None
        if "@" in parts.netloc:
            self.gap(filename, "the index puts a password into its address; that is not used", GapKind.SCOPE)
            return without_login(full)[0]
        if not parts.path.endswith(filename) and unquote(parts.path.rpartition("/")[2]) != filename:
            self.gap(filename, "its address ends in another name", GapKind.SCOPE)
        return full

    def listing(self, status: str = "active", reason: str = "") -> Listing:
        """What was read."""
        return Listing(
            project=self.project,
            files=tuple(dict.fromkeys(self.files)),
            status=status,
            reason=reason,
            gaps=tuple(self.gaps.values()),
        )


def check_api(meta: object, reader: Reader) -> None:
    """Raises IndexUnavailable where the page speaks another major version of the Simple API (PEP 629)."""
    version = meta.get("api-version") if isinstance(meta, dict) else None
    if not isinstance(version, str):
        reader.gap("api-version", "the page does not say which version of the Simple API it speaks")
    elif version.partition(".")[0] != "1":
        shown = version[:20]
        raise IndexUnavailable(
            f"{reader.index} speaks version {shown!r} of the Simple API; this stockade knows 1"
        )


def sha256_of(hashes: object, filename: str, reader: Reader) -> Digest | None:
    """The SHA-256 among `hashes`; None where there is none, or (with a gap) what is none."""
    found = hashes.get("sha256") if isinstance(hashes, dict) else None
    if found is None:
        return None
    return digest_of(found, filename, reader)


def digest_of(found: object, filename: str, reader: Reader) -> Digest | None:
    """`found` as a digest, or None with a gap."""
    try:
        if isinstance(found, str):
            return digest(found)
    except BadRequirement:
        pass
    reader.gap(filename, "what the index gives as its SHA-256 is none")
    return None


def size_of(size: object, filename: str, reader: Reader) -> int | None:
    """A size in bytes (PEP 700), or None, with a gap where what is given cannot be one."""
    if size is None or (isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 1 << 63):
        return size
    reader.gap(filename, "the size that the index gives is none")
    return None


def uploaded_of(text: object, filename: str, reader: Reader) -> datetime | None:
    """An upload time (PEP 700: ISO 8601 in UTC); one without a zone is taken for UTC."""
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text) if isinstance(text, str) else None
        if when is not None:
            when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        when = None
    if when is None or when.year not in _YEARS:
        reader.gap(filename, "the upload time that the index gives is none")
        return None
    return when


def yanked_of(value: object, filename: str, reader: Reader) -> str | None:
    """The reason for which a file is yanked (PEP 592), "" for none given, None where it isn't."""
    if value is None or value is False:
        return None
    if isinstance(value, str):
        return value[: limits.MAX_EXCERPT]
    if value is not True:
        reader.gap(filename, "its yanked mark cannot be read; it is taken for yanked")
    return ""


def optional_text(value: object, filename: str, reader: Reader) -> str | None:
    """`value` where it is a text; None, with a gap where it is anything else."""
    if value is None or isinstance(value, str):
        return value
    reader.gap(filename, "its Requires-Python cannot be read")
    return None


def is_plain_name(filename: str) -> bool:
    """Whether a listed name is a bare file name: one path component, no control or invisible characters."""
    if not 0 < len(filename) <= 255 or filename in {".", ".."} or "/" in filename or "\\" in filename:
        return False
    return (filename.isascii() and filename.isprintable()) or not _has_controls(filename)


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for char in text)


def _allowed(scheme: str, page: str) -> bool:
    """Whether a page may name an address of that scheme: a file only from a file, else http or https."""
    return scheme in {"http", "https"} or (scheme == "file" and urlsplit(page).scheme.lower() == "file")
