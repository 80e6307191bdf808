"""Honest archives made for tests; tests/support/raw.py makes the hostile ones.

``wheel("demo", "1.0", {"demo/__init__.py": "x = 1\\n"})`` and ``sdist(…)`` return the bytes of a
file that an installer would take, METADATA, WHEEL and a right RECORD included; `wheel_name` and `sdist_name`
give the file names that go with them. They are the same bytes every time.
"""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
from collections.abc import Mapping, Sequence

Content = bytes | str
_DATE = (2024, 1, 1, 0, 0, 0)


def as_bytes(content: Content) -> bytes:
    """`content` as UTF-8."""
    return content.encode() if isinstance(content, str) else content


def escaped(name: str) -> str:
    """A project's name as file names spell it (PEP 625): lower case, runs of ``-_.`` as ``_``."""
    return "_".join(part for part in name.lower().replace("-", "_").replace(".", "_").split("_") if part)


def wheel_name(name: str, version: str, tag: str = "py3-none-any") -> str:
    """The file name of a wheel (PEP 427)."""
    return f"{escaped(name)}-{version}-{tag}.whl"


def sdist_name(name: str, version: str, form: str = "tar.gz") -> str:
    """The file name of an sdist (PEP 625)."""
    return f"{escaped(name)}-{version}.{form}"


def core_metadata(name: str, version: str, requires: Sequence[str] = (), summary: str = "A test.") -> bytes:
    """A METADATA or PKG-INFO file."""
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", f"Summary: {summary}"]
    lines += [f"Requires-Dist: {one}" for one in requires]
    return ("\n".join(lines) + "\n\nA description.\n").encode()


def record_of(files: Mapping[str, bytes], record: str) -> bytes:
    """The RECORD of `files`, which will lie at `record` (PEP 376, PEP 427)."""
    rows = [f"{path},{record_hash(data)},{len(data)}" for path, data in files.items()]
    return ("\n".join([*rows, f"{record},,"]) + "\n").encode()


def record_hash(data: bytes) -> str:
    """``sha256=`` and the unpadded urlsafe base64 digest of `data`."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"sha256={digest}"


def wheel(
    name: str,
    version: str,
    files: Mapping[str, Content],
    *,
    requires: Sequence[str] = (),
    metadata: bytes | None = None,
    entry_points: str = "",
    record: bytes | None = None,
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A wheel. `metadata` and `record` replace what would be right; the dist-info folder is added.

    A file in `files` that lies in the dist-info folder takes the place of the one made here.
    """
    info = f"{escaped(name)}-{version}.dist-info"
    held = {path: as_bytes(data) for path, data in files.items()}
    wheel_file = b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    held.setdefault(f"{info}/METADATA", metadata or core_metadata(name, version, requires))
    held.setdefault(f"{info}/WHEEL", wheel_file)
    if entry_points:
        held.setdefault(f"{info}/entry_points.txt", entry_points.encode())
    listing = f"{info}/RECORD"
    held.setdefault(listing, record_of(held, listing) if record is None else record)
    return zip_of(held, compression=compression)


def sdist(
    name: str,
    version: str,
    files: Mapping[str, Content],
    *,
    form: str = "tar.gz",
    requires: Sequence[str] = (),
    metadata: bytes | None = None,
) -> bytes:
    """An sdist in `form`: tar.gz, tgz, tar.bz2, tar.xz, tar or zip. PKG-INFO is added unless in `files`."""
    root = f"{escaped(name)}-{version}"
    held = {f"{root}/{path}": as_bytes(data) for path, data in files.items()}
    held.setdefault(f"{root}/PKG-INFO", metadata or core_metadata(name, version, requires))
    return packed(held, form)


def packed(files: Mapping[str, Content], form: str) -> bytes:
    """`files` in an archive of `form`, without anything added."""
    if form == "zip":
        return zip_of(files)
    return compressed(tar_of(files), form)


def compressed(data: bytes, form: str) -> bytes:
    """`data` as `form` (a file name's ending) compresses it."""
    if form.endswith("gz"):
        return gzip.compress(data, mtime=0)
    if form.endswith("bz2"):
        return bz2.compress(data)
    if form.endswith("xz"):
        return lzma.compress(data)
    return data


def zip_of(files: Mapping[str, Content], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An honest zip; a path that ends in a slash becomes a folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in files.items():
            info = zipfile.ZipInfo(path, _DATE)
            info.compress_type = compression
            info.external_attr = (0o40755 if path.endswith("/") else 0o100644) << 16
            archive.writestr(info, as_bytes(content))
    return out.getvalue()


def tar_of(files: Mapping[str, Content], *, form: int = tarfile.PAX_FORMAT) -> bytes:
    """An honest, uncompressed tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for path, content in files.items():
            data = as_bytes(content)
            info = tarfile.TarInfo(path.rstrip("/"))
            info.size = len(data)
            info.type = tarfile.DIRTYPE if path.endswith("/") else tarfile.REGTYPE
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()
