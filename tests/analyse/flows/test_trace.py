"""Ways inside one artifact: each sends a secret to an address that has to be decoded."""

from __future__ import annotations

import gc
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade import limits
from stockade.analyse.flows.read import Reader
from stockade.analyse.flows.values import Frame
from tests.analyse.flows.following import PLACE, leaks, program, programs, traced

_SENDS = f"import requests\nPLACE = {PLACE}\ndef send(value):\n    requests.post(PLACE, data=value)\n"


@pytest.mark.parametrize("body", programs("followed"))
def test_a_secret_is_followed(body: str) -> None:
    assert leaks(_SENDS + body)


@pytest.mark.parametrize("body", programs("clean"))
def test_what_is_no_secret_any_more_is_not(body: str) -> None:
    assert leaks(_SENDS + body) == set()


@pytest.mark.parametrize("text", programs("callers-choice"))
def test_what_goes_where_the_caller_says_is_not_followed(text: str) -> None:
    assert not traced(text).leaks


@pytest.mark.parametrize("text", programs("ends"))
def test_the_end_is_known(text: str) -> None:
    places = (
        "HOME = 'https://a.example.invalid'\ndef home():\n    return HOME\nclass Places:\n    HOME = HOME\n"
    )
    found = traced(text, places=places).leaks
    assert [one.sink.kind for one in found] == [text.partition("\n")[0].removeprefix("# ")]
    assert found[0].sink.fixed and not found[0].sink.hidden


def test_errors_count_as_swallowed_anywhere_on_the_way() -> None:
    body = "def f(token):\n    try:\n        send(token)\n    except Exception:\n        pass\n"
    (leak,) = traced(_SENDS + body).leaks
    assert leak.sink.swallowed
    (plain,) = traced(_SENDS + "def f(token):\n    send(token)\n").leaks
    assert not plain.sink.swallowed


def test_names_of_one_file_are_followed_into_another() -> None:
    star = "from kit.inner import *\ndef f(token):\n    send(token)\n"
    assert leaks(star, inner=_SENDS) == {"token"}
    moved = "from kit.outer import give\ndef f(token):\n    give(token)\n"
    assert leaks(moved, outer="from kit.inner import send as give\n", inner=_SENDS) == {"token"}
    module = "from kit import inner\ndef f(token):\n    inner.send(token)\n"
    assert leaks(module, inner=_SENDS) == {"token"}


def test_what_goes_in_circles_ends() -> None:
    circle = "def a(token):\n    return b(token)\ndef b(value):\n    send(value)\n    return a(value)\n"
    assert leaks(_SENDS + circle) == {"token"}
    fields = "class C:\n    def go(self):\n        self.a = self.b\n        self.b = self.a\n        send(self.a)\n"
    assert leaks(_SENDS + fields) == set()


def test_what_would_take_too_long_is_followed_to_what_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_FLOW_STEPS", 20)
    many = "".join(f"def f{n}(value):\n    f{n + 1}(value)\n" for n in range(60))
    found = traced(
        _SENDS + many + "def f60(value):\n    send(value)\ndef g(token):\n    send(token)\n    f0(token)\n"
    )
    assert not found.complete
    assert {one.source.name for one in found.leaks} == {"token"}
    monkeypatch.undo()
    monkeypatch.setattr(limits, "MAX_FLOW_REACH", 20)
    hands = (
        "import helper\n" + many + "def f60(value):\n    helper.take(value)\ndef g(token):\n    f0(token)\n"
    )
    found = traced(_SENDS + hands)
    assert (found.complete, found.handed, found.handovers) == (True, False, [])


def test_what_hides_is_not_crowded_out_by_what_does_not() -> None:
    plain = "import requests\ndef post(value):\n    requests.post('https://a.example.invalid', data=value)\n"
    plain += "".join(f"def p{n}(value):\n    post(value)\n" for n in range(limits.MAX_BORDER + 10))
    deep = "def a(value):\n    b(value)\ndef b(value):\n    c(value)\ndef c(value):\n    send(value)\n"
    told = {one.port.callee for one in traced(plain + _SENDS + deep).exposures}
    assert len(told) == limits.MAX_BORDER
    assert {"kit.one.a", "kit.one.b", "kit.one.c", "kit.one.send"} <= told


def test_many_callers_and_calls_are_bounded() -> None:
    body = "def f(token):\n" + "".join(
        f"    send(token + '{n}')\n" for n in range(limits.MAX_FLOW_CALLS + 10)
    )
    assert leaks(_SENDS + body) == {"token"}


def test_the_border_is_bounded() -> None:
    body = "".join(f"def f{n}(value):\n    send(value)\n" for n in range(limits.MAX_BORDER + 50))
    _, _, border = program({"kit.py": _SENDS + body})
    assert len(border.exposures) == limits.MAX_BORDER
    long = "x" * (limits.MAX_BORDER_TEXT // 4)
    body = "".join(f"def {long}{n}(value):\n    send(value)\n" for n in range(9))
    _, _, border = program({"kit.py": _SENDS + body})
    assert sum(len(step.what) for one in border.exposures for step in one.path) <= limits.MAX_BORDER_TEXT


_WORDS = st.sampled_from(
    ["token", "self", "value", "a", "b", "C", "send", "os.environ", "f(token)", "self.a", "[token]", "x.y"]
)


@given(st.lists(st.tuples(_WORDS, _WORDS), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_program_is_read(parts: list[tuple[str, str]]) -> None:
    lines = [
        f"        {left} = {right}"
        for left, right in parts
        if left in {"a", "b", "self.a", "x.y", "value", "token"}
    ]
    text = (
        "class C:\n    def f(self, token, value=None, *a, **b):\n"
        + "\n".join(lines or ["        pass"])
        + "\n"
    )
    try:
        compile(text, "x", "exec")
    except SyntaxError:
        return
    _, found, border = program({"kit.py": _SENDS + text})
    assert found.complete
    assert all(one.path for one in found.leaks) and all(one.path for one in border.exposures)


def test_reading_leaves_nothing_that_waits_for_a_collection() -> None:
    gc.disable()
    try:
        traced(_SENDS)
        assert not any(isinstance(one, (Reader, Frame)) for one in gc.get_objects())
    finally:
        gc.enable()


def test_what_is_given_back_through_calls_of_others_is_followed() -> None:
    body = "from elsewhere import wrap\ndef made(value):\n    return wrap(wrap(wrap(value)))\n"
    assert leaks(_SENDS + body + "def f(token):\n    send(made(token))\n") == {"token"}


def test_what_is_decoded_and_goes_over_an_open_connection_is_no_address() -> None:
    text = """
        from websocket import create_connection
        import base64, getpass, json
        line = create_connection(input())
        line.send(json.dumps({"word": getpass.getpass(), "data": base64.b64decode(line.recv())}))
        """
    assert leaks(dedent(text)) == set()


def test_where_an_open_connection_leads_is_an_address() -> None:
    text = f"""
        from websocket import create_connection
        def run(token):
            line = create_connection({PLACE})
            line.send(token)
        """
    assert leaks(dedent(text)) == {"token"}


def test_parts_of_a_request_that_were_decoded_are_no_address() -> None:
    """OAuth in a web framework: the pair from a cookie goes into the query of an address that a subclass names."""
    text = """
        import base64
        import requests
        from typing import cast
        class OAuth:
            def _url(self, pair):
                return self._ADDRESS + "?" + pair["key"]
            def finish(self, client_secret):
                handler = cast("Handler", self)
                key, secret = (base64.b64decode(part) for part in handler.get_cookie("pair").split("|"))
                pair = dict(key=key, secret=secret)
                return requests.get(self._url(pair), headers=client_secret)
        """
    assert leaks(dedent(text)) == set()
    assert leaks(dedent(text.replace("self._url(pair)", "base64.b64decode(key + secret)"))) == {
        "client_secret"
    }
