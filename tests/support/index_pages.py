"""What a twin index offers, and the pages that say so."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class TwinFile:
    """One file that the index offers. `sha256` overrides the true digest; "" leaves it out."""

    filename: str
    data: bytes
    metadata: bytes | None = None
    uploaded: str | None = None
    yanked: str | bool | None = None
    requires_python: str | None = None
    provenance: str | None = None
    sha256: str | None = None
    metadata_sha256: str | None = None

    @property
    def digest(self) -> str:
        """The digest that the listing shows."""
        return hashlib.sha256(self.data).hexdigest() if self.sha256 is None else self.sha256

    @property
    def metadata_digest(self) -> str:
        """The digest of the metadata that the listing shows."""
        if self.metadata_sha256 is not None:
            return self.metadata_sha256
        return hashlib.sha256(self.metadata or b"").hexdigest()


@dataclass(frozen=True, slots=True)
class TwinProject:
    """The files of a project, its status (PEP 792), its own JSON (bytes as they are; None: there is none), and that of
    single releases."""

    files: tuple[TwinFile, ...]
    status: str | None = None
    reason: str | None = None
    about: dict[str, Any] | bytes | None = None
    releases: Mapping[str, dict[str, Any] | bytes] = field(default_factory=dict)


def json_page(name: str, project: TwinProject, *, api_version: str, sizes: bool) -> bytes:
    """A project page (PEP 691, 700, 792)."""
    meta: dict[str, Any] = {"api-version": api_version}
    page: dict[str, Any] = {"meta": meta, "name": name, "files": []}
    if project.status is not None:
        page["project-status"] = {"status": project.status}
        if project.reason is not None:
            page["project-status"]["reason"] = project.reason
    for one in project.files:
        page["files"].append(_json_file(one, sizes=sizes))
    return json.dumps(page).encode()


def _json_file(one: TwinFile, *, sizes: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"filename": one.filename, "url": f"../../files/{one.filename}"}
    entry["hashes"] = {"sha256": one.digest} if one.digest else {}
    if sizes:
        entry["size"] = len(one.data)
    optional = {
        "upload-time": one.uploaded,
        "yanked": one.yanked,
        "requires-python": one.requires_python,
        "provenance": one.provenance,
    }
    entry |= {key: value for key, value in optional.items() if value is not None}
    if one.metadata is not None:
        entry["core-metadata"] = {"sha256": one.metadata_digest} if one.metadata_digest else True
    return entry


def html_page(name: str, project: TwinProject) -> bytes:
    """A project page (PEP 503, 792)."""
    lines = ["<!DOCTYPE html><html><head>"]
    lines.append('<meta name="pypi:repository-version" content="1.0">')
    if project.status is not None:
        lines.append(f'<meta name="pypi:project-status" content="{html.escape(project.status)}">')
    if project.reason is not None:
        lines.append(f'<meta name="pypi:project-status-reason" content="{html.escape(project.reason)}">')
    lines.append(f"</head><body><h1>{name}</h1>")
    lines += [_anchor(one) for one in project.files]
    return "\n".join([*lines, "</body></html>"]).encode()


def _anchor(one: TwinFile) -> str:
    attributes = ""
    if one.requires_python is not None:
        attributes += f' data-requires-python="{html.escape(one.requires_python)}"'
    if one.yanked is not None and one.yanked is not False:
        attributes += f' data-yanked="{html.escape("" if one.yanked is True else one.yanked)}"'
    if one.metadata is not None:
        value = f"sha256={one.metadata_digest}" if one.metadata_digest else "true"
        attributes += f' data-core-metadata="{value}" data-dist-info-metadata="{value}"'
    if one.provenance is not None:
        attributes += f' data-provenance="{html.escape(one.provenance)}"'
    fragment = f"#sha256={one.digest}" if one.digest else ""
    return f'<a href="../../files/{one.filename}{fragment}"{attributes}>{one.filename}</a><br>'
