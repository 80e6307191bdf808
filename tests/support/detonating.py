"""What is detonated in tests. Inert: hosts end in .invalid, and nothing goes on that is not in a jail made for it."""

from __future__ import annotations

import io
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

from tests.support.archives import record_of

#: What `requests` needs, itself included.
REQUESTS = ("requests", "urllib3", "idna", "certifi", "charset-normalizer")


def wheel_of(name: str, folder: Path) -> Path:
    """A distribution that is installed beside the tests, as a wheel again."""
    found = distribution(name)
    target = folder / f"{found.name.replace('-', '_')}-{found.version}-py3-none-any.whl"
    files = {
        path: data for path, data in _files(found) if not path.endswith(("RECORD", "INSTALLER", "REQUESTED"))
    }
    info = next(path.partition("/")[0] for path in files if path.endswith(".dist-info/METADATA"))
    wheel = b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/WHEEL"] = wheel
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
        archive.writestr(f"{info}/RECORD", record_of(files, f"{info}/RECORD"))
    target.write_bytes(packed.getvalue())
    return target


def _files(found: Distribution) -> list[tuple[str, bytes]]:
    held = []
    for path in found.files or ():
        place = Path(str(found.locate_file(path)))
        if not str(path).startswith("..") and place.suffix not in {".pyc", ".so"} and place.is_file():
            held.append((str(path), place.read_bytes()))
    return held
