"""Download counts as public sources give them: a table of projects with their downloads a month, from a file or an
address that a person named."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.utils import InvalidName, canonicalize_name

from stockade import limits
from stockade.acquire.index.transport import Transport
from stockade.errors import BadCounts, IndexUnavailable, NotFound

if TYPE_CHECKING:
    import httpx

_GZIP = b"\x1f\x8b"
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NAMES = ("project", "name", "package")
_MONTHS = "January February March April May June July August September October November December"
_NUMBERS = ("download_count", "downloads", "count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Downloads a month by normalised name, the most first; `month` in words ("April 2026"), "" where unsaid."""

    downloads: dict[str, int]
    month: str = ""


def fetched(url: str, transport: Transport) -> bytes:
    """What `url` answers; raises IndexUnavailable, TooBig."""

    def read(response: httpx.Response) -> bytes:
        if response.status_code != 200:
            raise IndexUnavailable(f"the source of download counts answers {response.status_code}")
        return transport.read_body(response, limits.MAX_COUNTS)

    return transport.get(url, {"Accept": "application/json, text/csv;q=0.9, */*;q=0.1"}, read)


def read_file(path: Path) -> bytes:
    """The content of a file; raises NotFound, BadCounts."""
    try:
        with path.open("rb") as file:
            data = file.read(limits.MAX_COUNTS + 1)
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}") from None
    except OSError as why:
        raise BadCounts(f"{path} cannot be read: {why.strerror}") from None
    if len(data) > limits.MAX_COUNTS:
        raise BadCounts(f"{path} is larger than {limits.MAX_COUNTS >> 20} MiB")
    return data


def parsed(data: bytes) -> Counts:
    """Counts from CSV or JSON, packed with gzip or not; raises BadCounts.

    JSON is a list of rows, or an object with ``rows`` and ``last_update``; each row has a name and a count, under the
    names that public lists use. Of more than limits.MAX_COUNTED projects the most downloaded are kept.
    """
    text = _unpacked(data)
    month = ""
    try:
        if text.lstrip()[:1] in ("{", "["):
            document = json.loads(text)
            if isinstance(document, dict):
                month = _month(str(document.get("last_update", "")))
                document = document.get("rows")
            rows = document if isinstance(document, list) else []
        else:
            rows = list(csv.DictReader(io.StringIO(text)))
    except (ValueError, csv.Error, RecursionError) as why:
        raise BadCounts(f"it is neither CSV nor JSON: {str(why)[:100]}") from None
    found = dict(_counted(rows))
    if len(found) < limits.LEAST_COUNTED:
        raise BadCounts(
            f"it has {len(found)} projects with a count; fewer than {limits.LEAST_COUNTED} are no list"
        )
    ordered = sorted(found, key=lambda name: (-found[name], name))[: limits.MAX_COUNTED]
    return Counts(downloads={name: found[name] for name in ordered}, month=month)


def _unpacked(data: bytes) -> str:
    try:
        if data[:2] == _GZIP:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                data = packed.read(limits.MAX_COUNTS + 1)
            if len(data) > limits.MAX_COUNTS:
                raise BadCounts(f"it unpacks to more than {limits.MAX_COUNTS >> 20} MiB")
        return data.decode("utf-8-sig")
    except (OSError, EOFError, ValueError) as why:
        raise BadCounts(f"it cannot be read: {str(why)[:100]}") from None


def _counted(rows: Iterable[Any]) -> Iterable[tuple[str, int]]:
    """(normalised name, count) of each row that has both; a name's first row holds."""
    seen = set()
    for row in rows:
        if not isinstance(row, dict):
            continue
        name = next((row[key] for key in _NAMES if isinstance(row.get(key), str)), "")
        number = next((row[key] for key in _NUMBERS if row.get(key) is not None), None)
        try:
            count = int(str(number))
            normal = canonicalize_name(name, validate=True)
        except (ValueError, InvalidName):
            continue
        # A long s counts as a letter of a name to packaging, and to nobody else.
        sound = normal.isascii() and len(normal) <= limits.MAX_NAME
        if sound and 0 < count < limits.MAX_COUNT and normal not in seen:
            seen.add(normal)
            yield normal, count


def _month(text: str) -> str:
    day = _DAY.match(text)
    if day is None:
        return ""
    try:
        return month_of(date(int(day[1]), int(day[2]), int(day[3])))
    except ValueError:
        return ""


def month_of(day: date) -> str:
    """``April 2026``, whatever the machine's language."""
    return f"{_MONTHS.split()[day.month - 1]} {day.year}"
