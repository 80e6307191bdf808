"""The text of functions, as a worker hands it out for a diff."""

from __future__ import annotations

import pytest

from stockade import limits
from stockade.analyse.identity.shape import hashes
from stockade.analyse.passages import Module, Wanted, decode, passages
from stockade.analyse.unpack.opening import open_tree
from stockade.model.artifact import Kind
from stockade.model.project import Digest
from tests.support import sdk
from tests.support.archives import sdist, sdist_name, wheel, wheel_name


def told(*inner: str, options: object = None) -> tuple[Module, ...]:
    files = {
        **sdk.sdk("2.0"),
        "nimbus/crlf.py": "a = 1\r\ndef f():\r\n    return 2\r\n",
        "nimbus/notes.txt": "f",
    }
    found = passages(
        memoryview(wheel("nimbus-sdk", "2.0", files)),
        filename=wheel_name("nimbus-sdk", "2.0"),
        kind=Kind.WHEEL,
        sha256=Digest("0" * 64),
        options=options or Wanted(frozenset(inner)),
    )
    assert (found.project, found.version) == ("nimbus-sdk", "2.0")
    return decode(found.extra)


def test_the_wanted_modules_are_told_function_by_function() -> None:
    package, auth = told("", "auth", "missing")

    assert (package.path, package.inner) == ("nimbus/__init__.py", "")
    assert (auth.path, auth.inner) == ("nimbus/auth.py", "auth")
    assert [(one.name, one.first) for one in auth.passages] == [("", 3), ("__init__", 10), ("sign", 14)]
    assert auth.passages[2].lines[-1] == "        return digest.hexdigest()  # what the service expects"
    text = sdk.sdk("2.0")["nimbus/auth.py"].encode()
    assert [one.hash for one in auth.passages] == [value for value, _, _ in hashes(text, "nimbus")[1]]


def test_line_ends_of_another_system_are_none_of_the_text() -> None:
    ((module),) = told("crlf")
    assert [one.lines for one in module.passages] == [("a = 1",), ("def f():", "    return 2")]


def test_nothing_is_told_unasked() -> None:
    assert told(options=object()) == ()


def test_what_would_be_too_much_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PASSAGES", 100)
    assert [one.inner for one in told("", "auth", "client")] == [""]


def test_what_is_at_hand_depends_on_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_HELD", 0)
    files = sdk.sdk("2.0")
    packed = open_tree(wheel("n", "1", files), wheel_name("n", "1"), Kind.WHEEL).tree
    stream = open_tree(sdist("n", "1", files), sdist_name("n", "1"), Kind.SDIST).tree

    assert all(packed.at_hand(one) for one in packed.members)
    assert not any(stream.at_hand(one) for one in stream.members)
    monkeypatch.undo()
    held = open_tree(sdist("n", "1", files), sdist_name("n", "1"), Kind.SDIST).tree
    assert all(held.at_hand(one) for one in held.members)
