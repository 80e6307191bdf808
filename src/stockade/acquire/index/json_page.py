"""Project pages in JSON (PEP 691, 700, 714, 792). Bytes in, Listing out; PEP 708 was rejected and is ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from packaging.utils import canonicalize_name

from stockade import limits
from stockade.acquire.index.listing import Listing
from stockade.acquire.index.pages import (
    Reader,
    check_api,
    digest_of,
    is_plain_name,
    optional_text,
    sha256_of,
    size_of,
    uploaded_of,
    yanked_of,
)
from stockade.errors import IndexUnavailable
from stockade.model.project import ProjectName


def read_json(body: bytes, project: ProjectName, *, index: str, page: str) -> Listing:
    """A JSON page (PEP 691); raises IndexUnavailable where it isn't one, or of another major version."""
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise IndexUnavailable(f"{index} answers for {project} with what is not JSON") from None
    if not isinstance(data, dict):
        raise IndexUnavailable(f"{index} answers for {project} with JSON that is no project page")
    reader = Reader(project, index, page)
    check_api(data.get("meta"), reader)
    name = data.get("name")
    if isinstance(name, str) and canonicalize_name(name) != str(project):
        reader.gap("name", f"the page that was asked for as {project} calls itself {name[:100]!r}")
    files = data.get("files")
    if not isinstance(files, list):
        reader.gap("files", "the page holds no list of files")
        files = []
    if len(files) > limits.MAX_LISTED:
        reader.gap("files", f"the page lists more than {limits.MAX_LISTED} files")
    for entry in files[: limits.MAX_LISTED]:
        _json_file(entry, reader)
    return reader.listing(*_json_status(data.get("project-status"), reader))


def _json_status(status: object, reader: Reader) -> tuple[str, str]:
    if status is None:
        return "active", ""
    if not isinstance(status, dict) or not isinstance(status.get("status", "active"), str):
        reader.gap("project-status", "the page's project status cannot be read")
        return "active", ""
    reason = status.get("reason")
    text = reason if isinstance(reason, str) else ""
    return status.get("status", "active")[: limits.MAX_EXCERPT], text[: limits.MAX_EXCERPT]


def _json_file(entry: object, reader: Reader) -> None:
    if not isinstance(entry, dict):
        reader.gap(entry, "an entry of the page's list is not a file")
        return
    filename, url = entry.get("filename"), entry.get("url")
    if not isinstance(filename, str) or not isinstance(url, str):
        reader.gap(filename or "a file", "the page gives it no name or no address")
        return
    if not is_plain_name(filename):
        reader.gap(filename, "its name is not that of a file in a folder")
        return
    provenance = entry.get("provenance")
    reader.add(
        filename,
        url,
        sha256=sha256_of(entry.get("hashes"), filename, reader),
        size=size_of(entry.get("size"), filename, reader),
        uploaded=uploaded_of(entry.get("upload-time"), filename, reader),
        yanked=yanked_of(entry.get("yanked"), filename, reader),
        requires_python=optional_text(entry.get("requires-python"), filename, reader),
        metadata_sha256=_json_metadata(entry, filename, reader),
        provenance=provenance if isinstance(provenance, str) else None,
    )


def _json_metadata(entry: Mapping[str, Any], filename: str, reader: Reader) -> str | None:
    """The digest of the metadata file (PEP 714 over PEP 658); "" where it is offered without one."""
    for key in ("core-metadata", "dist-info-metadata", "data-dist-info-metadata"):
        value = entry.get(key)
        if isinstance(value, dict):
            found = value.get("sha256")
            return "" if found is None else digest_of(found, filename, reader)
        if isinstance(value, bool):
            return "" if value else None
    return None
