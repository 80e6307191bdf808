"""Lock files of every format, and what is no lock file."""

from __future__ import annotations

import copy
import json
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade import limits
from stockade.acquire.sources.locks import Lock, read_lock
from stockade.errors import BadLock, NotFound
from stockade.model.evidence import GapKind

A, B, C = "a" * 64, "b" * 64, "c" * 64

UV = f"""\
version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "me"
version = "0.1.0"
source = {{ editable = "." }}
dependencies = [{{ name = "alpha" }}]

[[package]]
name = "member"
source = {{ virtual = "packages/member" }}

[[package]]
name = "Alpha.One"
version = "1.0"
source = {{ registry = "https://index.example/simple" }}
sdist = {{ url = "https://files.example/alpha_one-1.0.tar.gz", hash = "sha256:{A}", size = 10 }}
wheels = [
    {{ url = "https://files.example/alpha_one-1.0-py3-none-any.whl", hash = "sha256:{B}", size = 10 }},
]

[[package]]
name = "beta"
version = "2.0"
source = {{ git = "https://code.example/beta.git#0123" }}

[[package]]
name = "gamma"
version = "3.0"
source = {{ url = "https://files.example/gamma-3.0-py3-none-any.whl" }}
wheels = [{{ url = "https://files.example/gamma-3.0-py3-none-any.whl", hash = "sha256:{C}" }}]

[[package]]
name = "delta"
version = "4.0"
source = {{ path = "vendor/delta-4.0.tar.gz" }}
sdist = {{ path = "vendor/delta-4.0.tar.gz", hash = "sha256:{A}" }}

[[package]]
name = "bare"
version = "5.0"
source = {{ registry = "https://index.example/simple" }}
"""

POETRY2 = f"""\
[[package]]
name = "alpha-one"
version = "1.0"
groups = ["main", "dev"]
markers = "sys_platform == 'win32'"
files = [
    {{file = "alpha_one-1.0-py3-none-any.whl", hash = "sha256:{B}"}},
    {{file = "alpha_one-1.0.tar.gz", hash = "sha256:{A}"}},
]

[[package]]
name = "beta"
version = "2.0"
files = []
[package.source]
type = "git"
url = "https://code.example/beta.git"
reference = "main"

[[package]]
name = "gamma"
version = "3.0"
files = [{{file = "gamma-3.0-py3-none-any.whl", hash = "sha256:{C}"}}]
[package.source]
type = "url"
url = "https://files.example/gamma-3.0-py3-none-any.whl"

[[package]]
name = "delta"
version = "4.0"
files = [{{file = "delta-4.0.tar.gz", hash = "sha256:{A}"}}]
[package.source]
type = "file"
url = "vendor/delta-4.0.tar.gz"

[[package]]
name = "me"
version = "0.1.0"
[package.source]
type = "directory"
url = "me"

[[package]]
name = "bare"
version = "5.0"
files = [{{file = "bare-5.0.tar.gz", hash = "md5:0123"}}]
[package.source]
type = "legacy"
url = "https://index.example/simple"
reference = "mine"

[metadata]
lock-version = "2.1"
python-versions = "^3.11"
content-hash = "00"
"""

POETRY1 = f"""\
[[package]]
name = "alpha-one"
version = "1.0"
category = "main"
optional = false

[metadata]
lock-version = "1.1"

[metadata.files]
alpha-one = [
    {{file = "alpha_one-1.0-py3-none-any.whl", hash = "sha256:{B}"}},
    {{file = "alpha_one-1.0.tar.gz", hash = "sha256:{A}"}},
]
"""

POETRY0 = f"""\
[[package]]
name = "alpha-one"
version = "1.0"

[metadata]
content-hash = "00"

[metadata.hashes]
alpha-one = ["{B}", "{A}"]
"""

PDM = f"""\
[metadata]
groups = ["default"]
lock_version = "4.5.0"

[[package]]
name = "alpha-one"
version = "1.0"
files = [
    {{file = "alpha_one-1.0-py3-none-any.whl", hash = "sha256:{B}"}},
    {{url = "https://files.example/alpha_one-1.0.tar.gz", hash = "sha256:{A}"}},
]

[[package]]
name = "beta"
version = "2.0"
git = "https://code.example/beta.git"

[[package]]
name = "gamma"
version = "3.0"
url = "https://files.example/gamma-3.0-py3-none-any.whl"
files = [{{url = "https://files.example/gamma-3.0-py3-none-any.whl", hash = "sha256:{C}"}}]

[[package]]
name = "delta"
version = "4.0"
path = "./vendor/delta-4.0.tar.gz"
files = [{{file = "delta-4.0.tar.gz", hash = "sha256:{A}"}}]

[[package]]
name = "me"
version = "0.1.0"
path = "./me"
editable = true

[[package]]
name = "bare"
version = "5.0"
"""

PDM_OLD = f"""\
[[package]]
name = "alpha-one"
version = "1.0"

[metadata]
lock_version = "4.1"

[metadata.files]
"alpha-one 1.0" = [
    {{file = "alpha_one-1.0-py3-none-any.whl", hash = "sha256:{B}"}},
    {{file = "alpha_one-1.0.tar.gz", hash = "sha256:{A}"}},
]
"""

PYLOCK = f"""\
lock-version = "1.0"
created-by = "a test"
requires-python = ">=3.11"

[[packages]]
name = "alpha-one"
version = "1.0"
index = "https://index.example/simple"
sdist = {{ name = "alpha_one-1.0.tar.gz", url = "https://f.example/a.tar.gz", hashes = {{ sha256 = "{A}" }} }}

[[packages.wheels]]
name = "alpha_one-1.0-py3-none-any.whl"
url = "https://f.example/alpha_one-1.0-py3-none-any.whl"
hashes = {{ sha256 = "{B}" }}

[[packages]]
name = "beta"
vcs = {{ type = "git", url = "https://code.example/beta.git", commit-id = "0123" }}

[[packages]]
name = "gamma"
archive = {{ url = "https://files.example/gamma-3.0-py3-none-any.whl", hashes = {{ sha256 = "{C}" }} }}

[[packages]]
name = "delta"
archive = {{ path = "vendor/delta-4.0.tar.gz", hashes = {{ sha256 = "{A}" }} }}

[[packages]]
name = "me"
directory = {{ path = ".", editable = true }}

[[packages]]
name = "bare"
version = "5.0"
sdist = {{ name = "bare-5.0.tar.gz", url = "https://f.example/bare-5.0.tar.gz", hashes = {{ sha512 = "00" }} }}
"""

PIPFILE = json.dumps(
    {
        "_meta": {"hash": {"sha256": A}, "pipfile-spec": 6, "sources": []},
        "default": {
            "alpha-one": {"version": "==1.0", "hashes": [f"sha256:{B}", f"sha256:{A}"], "index": "mine"},
            "beta": {"git": "https://code.example/beta.git", "ref": "0123"},
            "me": {"path": ".", "editable": True},
        },
        "develop": {
            "gamma": {"file": "https://files.example/gamma-3.0-py3-none-any.whl", "hashes": [f"sha256:{C}"]},
            "delta": {"path": "./vendor/delta-4.0.tar.gz", "hashes": [f"sha256:{A}"]},
        },
        "docs": {"bare": {"version": "==5.0"}},
    },
    indent=2,
)

REQUIREMENTS = f"""\
alpha-one==1.0 \\
    --hash=sha256:{B} \\
    --hash=sha256:{A}
"""


def _read(folder: Path, name: str, text: str) -> Lock:
    (folder / name).write_text(text)
    return read_lock(folder / name, env={})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("uv.lock", UV),
        ("poetry.lock", POETRY2),
        ("pdm.lock", PDM),
        ("pylock.toml", PYLOCK),
        ("Pipfile.lock", PIPFILE),
    ],
)
def test_each_format_gives_pins_urls_and_gaps(tmp_path: Path, name: str, text: str) -> None:
    lock = _read(tmp_path, name, text)
    assert (lock.kind, lock.path) == (name, str(tmp_path / name))
    pins = {str(pin.name): pin for pin in lock.pins}
    assert sorted(pins) == ["alpha-one", "bare", "delta", "gamma"]
    assert pins["alpha-one"].pin == "1.0" and set(pins["alpha-one"].hashes) == {A, B}
    assert pins["gamma"].url == "https://files.example/gamma-3.0-py3-none-any.whl"
    assert pins["gamma"].hashes == (C,)
    assert pins["delta"].url == (tmp_path / "vendor" / "delta-4.0.tar.gz").as_uri()
    assert pins["bare"].pin == "5.0" and pins["bare"].hashes == ()
    kinds = {gap.what: gap.kind for gap in lock.gaps}
    expected = {"me": GapKind.SCOPE, "beta": GapKind.LIMIT, "bare==5.0": GapKind.SCOPE}
    assert kinds == (expected | {"member": GapKind.SCOPE} if name == "uv.lock" else expected)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("poetry.lock", POETRY1, "poetry.lock"),
        ("poetry.lock", POETRY0, "poetry.lock"),
        ("pdm.lock", PDM_OLD, "pdm.lock"),
        ("pylock.dev.toml", PYLOCK, "pylock.toml"),
        ("requirements.txt", REQUIREMENTS, "requirements.txt"),
        # Told by what they hold.
        ("a.lock", UV, "uv.lock"),
        ("b.lock", POETRY2, "poetry.lock"),
        ("c.lock", PDM, "pdm.lock"),
        ("d.toml", PYLOCK, "pylock.toml"),
        ("e.lock", PIPFILE, "Pipfile.lock"),
        ("f.lock", REQUIREMENTS, "requirements.txt"),
    ],
)
def test_older_formats_and_other_names(tmp_path: Path, name: str, text: str, kind: str) -> None:
    lock = _read(tmp_path, name, text)
    assert lock.kind == kind
    (alpha,) = (pin for pin in lock.pins if pin.name == "alpha-one")
    assert alpha.pin == "1.0" and set(alpha.hashes) == {A, B}


def test_a_requirements_file_must_be_pinned_to_be_a_lock(tmp_path: Path) -> None:
    with pytest.raises(BadLock, match="line 1: alpha is not pinned"):
        _read(tmp_path, "requirements.txt", "alpha>=1\n")
    lock = _read(tmp_path, "requirements.txt", "alpha==1\n")
    assert [gap.kind for gap in lock.gaps] == [GapKind.SCOPE]
    with pytest.raises(BadLock, match="line 1"):
        _read(tmp_path, "requirements.txt", "al pha\n")


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("uv.lock", UV.replace("[[package]]", "<<<<<<< HEAD\n[[package]]", 1), "merge conflict at line 5"),
        ("Pipfile.lock", "{\n>>>>>>> theirs\n}", "merge conflict at line 2"),
        ("uv.lock", "version = 1\nx = \ny = 1\n", r"not TOML: .*line 2"),
        ("Pipfile.lock", '{"_meta": {},\n}', "line 2: not JSON"),
        ("Pipfile.lock", "[]", "holds no table"),
        ("Pipfile.lock", "[" * 100_000, "nested too deeply"),
        ("uv.lock", "a = " + "[" * 100_000, "nested too deeply"),
        ("uv.lock", "a = " + "1" * 5000, "cannot be read"),
        ("uv.lock", "version = 2\n", "version is 2"),
        ("uv.lock", 'version = "1"\n', "got `str` at version"),
        ("uv.lock", "version = 1\npackage = 3\n", "at package"),
        ("uv.lock", "version = 1\n[[package]]\nname = 3\n", r"at package\[.+\]\.name"),
        ("uv.lock", UV.replace('"Alpha.One"', '"not a name"'), "not a project name"),
        ("uv.lock", UV.replace(f"sha256:{B}", "sha256:12"), "not a SHA-256 digest"),
        ("uv.lock", UV.replace('version = "1.0"\n', ""), "Alpha.One has no version"),
        ("poetry.lock", POETRY2.replace('"2.1"', '"3.0"'), "version is 3.0"),
        ("poetry.lock", POETRY2.replace('version = "1.0"', 'version = "x y"'), "isn't one: 'x y'"),
        ("poetry.lock", "[[package]]\nname = 'a'\nversion = '1'\n", "`metadata` at the top"),
        ("pdm.lock", PDM.replace('"4.5.0"', '"5.0"'), "version is 5.0"),
        ("pylock.toml", PYLOCK.replace('"1.0"', '"2.0"', 1), "not one that is understood"),
        ("pylock.toml", PYLOCK.replace('created-by = "a test"', ""), "created-by"),
        ("pylock.toml", 'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "a"\n', "."),
        ("Pipfile.lock", PIPFILE.replace('spec": 6', 'spec": 7'), "version is 7"),
        ("Pipfile.lock", PIPFILE.replace("==5.0", "*"), "bare is not pinned"),
        ("Pipfile.lock", '{"_meta": 1}', "_meta"),
        ("Pipfile.lock", '{"_meta": {}, "default": {"a": []}}', "default"),
        ("x.lock", "a = 1\n", "no lock file that we know"),
    ],
)
def test_what_is_no_lock_file_says_where_and_why(tmp_path: Path, name: str, text: str, why: str) -> None:
    with pytest.raises(BadLock, match=why) as failed:
        _read(tmp_path, name, text)
    assert name in str(failed.value)
    assert "\n" not in str(failed.value)


def test_files_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "fifo")
    for name in ("gone.lock", "fifo", "."):
        with pytest.raises(NotFound):
            read_lock(tmp_path / name, env={})
    (tmp_path / "uv.lock").write_bytes(b"version = 1\n# \xff")
    with pytest.raises(BadLock, match="line 2: not UTF-8"):
        read_lock(tmp_path / "uv.lock", env={})
    monkeypatch.setattr(limits, "MAX_LOCK", 4)
    with pytest.raises(BadLock, match="larger than"):
        _read(tmp_path, "uv.lock", UV)


_VALUES = st.recursive(
    st.one_of(
        st.booleans(), st.integers(-2, 2), st.text(max_size=5), st.sampled_from(["==", "sha256:", "==1"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a document that could hold something else: container and key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([("uv.lock", UV), ("poetry.lock", POETRY2), ("pdm.lock", PDM), ("pylock.toml", PYLOCK)]),
    st.integers(0, 500),
    _VALUES,
)
def test_a_toml_lock_with_anything_anywhere_is_read_or_refused(
    tmp_path: Path, kind: tuple[str, str], place: int, value: object
) -> None:
    name, text = kind
    document = tomllib.loads(text)
    places = _places(document)
    container, key = places[place % len(places)]
    container[key] = copy.deepcopy(value)
    _read_or_refuse(tmp_path / name, tomli_w.dumps(document).encode())


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 500), _VALUES)
def test_a_json_lock_with_anything_anywhere_is_read_or_refused(
    tmp_path: Path, place: int, value: object
) -> None:
    document = json.loads(PIPFILE)
    places = _places(document)
    container, key = places[place % len(places)]
    container[key] = copy.deepcopy(value)
    _read_or_refuse(tmp_path / "Pipfile.lock", json.dumps(document).encode())


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["uv.lock", "Pipfile.lock", "requirements.txt", "x.lock"]),
    st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))),
)
def test_no_bytes_make_the_reader_fail_otherwise(tmp_path: Path, name: str, data: bytes) -> None:
    _read_or_refuse(tmp_path / name, data)


def _read_or_refuse(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        assert isinstance(read_lock(path, env={}), Lock)
    except (BadLock, NotFound):
        return
