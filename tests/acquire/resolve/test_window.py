"""The loopback index that uv looks through, and how uv is run and read."""

from __future__ import annotations

import http.client
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from stockade import limits
from stockade.acquire.resolve import uv
from stockade.acquire.resolve.pane import Pane
from stockade.acquire.resolve.uv import Refused, compile_pins, explanation, read_pins
from stockade.acquire.resolve.window import Window
from stockade.errors import IndexUnavailable, ResolutionFailed, StockadeError
from stockade.model.project import requirement


class View:
    """One project."""

    def releases(self, name: str) -> Sequence[Pane] | None:
        if name == "down":
            raise IndexUnavailable("index.example is down")
        panes = [Pane("1.0", ">=3.9"), Pane("2.0+x", None, ""), Pane("3.0", None, "broken")]
        return panes if name == "some-name" else None

    def metadata(self, name: str, version: str) -> bytes | None:
        return f"Name: {name}\nVersion: {version}\n".encode() if version != "9" else None


def _get(url: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    assert parts.hostname and parts.port
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    try:
        connection.request("GET", parts.path)
        answer = connection.getresponse()
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_listing_shows_one_wheel_a_release_and_no_sdist() -> None:
    with Window(View()) as window:
        status, body = _get(f"{window.url}/some-name/")
        assert status == 200
        files = json.loads(body)["files"]
        assert [one["filename"] for one in files] == [
            "some_name-1.0-py3-none-any.whl",
            "some_name-2.0+x-py3-none-any.whl",
            "some_name-3.0-py3-none-any.whl",
        ]
        assert [one.get("yanked") for one in files] == [None, True, "broken"]
        assert files[0]["requires-python"] == ">=3.9"
        base = window.url.removesuffix("/simple")
        place = files[1]["url"].removeprefix("../..")
        assert _get(f"{base}{place}.metadata") == (200, b"Name: some-name\nVersion: 2.0+x\n")
        assert _get(f"{base}{place}")[0] == 404, "there is no file to download"
        assert _get(f"{base}/file/some-name/9/x.whl.metadata")[0] == 404
        assert _get(f"{window.url}/other/")[0] == 404
        assert _get(f"{window.url}/")[0] == 404


def test_nobody_looks_through_without_the_secret() -> None:
    with Window(View()) as window:
        wrong = window.url.replace(window.secret, "x" * len(window.secret))
        assert _get(f"{wrong}/some-name/")[0] == 404
        assert _get(f"{wrong.removesuffix('/simple')}/file/some-name/1.0/x.whl.metadata")[0] == 404
    with Window(View()) as other:
        assert other.secret != window.secret


def test_a_failing_index_is_kept_for_whoever_waits() -> None:
    with Window(View()) as window:
        assert _get(f"{window.url}/down/")[0] == 503
        assert isinstance(window.failure, IndexUnavailable)


def _compile(index_url: str, *asked: str, cache: Path | None = None, seconds: float = 30) -> list[str]:
    pins = compile_pins(
        [requirement(one) for one in asked],
        [],
        index_url=index_url,
        python_version="3.11.4",
        prereleases=False,
        cache=cache,
        seconds=seconds,
    )
    return [f"{pin.name}=={pin.version}" for pin in pins]


def test_uv_keeps_nothing_but_its_knowledge_of_our_interpreter(tmp_path: Path) -> None:
    with Window(View()) as window:
        assert _compile(window.url, "some-name<2", cache=tmp_path) == ["some-name==1.0"]
    kept = [path.relative_to(tmp_path).parts for path in tmp_path.rglob("*") if path.suffix == ".msgpack"]
    assert {parts[1].partition("-")[0] for parts in kept} <= {"interpreter"}


def test_uv_gets_nothing_of_our_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_INDEX", "https://elsewhere.invalid/simple")
    monkeypatch.setenv("UV_CONSTRAINT", "/nonexistent")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "uv.toml").write_text("no-index = true\n")
    with Window(View()) as window:
        assert _compile(window.url, "some-name<2") == ["some-name==1.0"]
    given = uv._environment({"AWS_SECRET": "x", "TMPDIR": "/t"}, "u", home=tmp_path, cache=None)
    assert "AWS_SECRET" not in given and given["TMPDIR"] == "/t"
    command = uv._command("3.11", prereleases=False)
    assert "--no-build" in command and not any("127.0.0.1" in word for word in command)


def test_uv_is_stopped_after_its_time() -> None:
    with Window(View()) as window, pytest.raises(ResolutionFailed, match="within 0 s"):
        _compile(window.url, "some-name", seconds=0.001)


def test_without_uv_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> str:
        raise FileNotFoundError

    monkeypatch.setattr("uv.find_uv_bin", nowhere)
    with pytest.raises(StockadeError, match="not installed beside it"):
        _compile("http://127.0.0.1:9/", "a")
    monkeypatch.setattr("uv.find_uv_bin", lambda: os.devnull)
    with pytest.raises(StockadeError, match="cannot be run"):
        _compile("http://127.0.0.1:9/", "a")


def test_a_resolver_that_fails_otherwise_says_what_it_said() -> None:
    with pytest.raises(ResolutionFailed, match="the resolver failed") as failed:
        _compile("http://127.0.0.1:9/simple", "a")
    assert not isinstance(failed.value, Refused)


def test_pins_are_read_strictly() -> None:
    text = "a==1.0\n    # via -r requirements.in\nb-c==2!1.0+x\n"
    text += "    # via\n    #   a\n    #   d\n    #   -c constraints.txt\n"
    first, second = read_pins(text)
    assert (first.name, first.version, first.via) == ("a", "1.0", ())
    assert (second.name, second.version, second.via) == ("b-c", "2!1.0+x", ("a", "d"))
    for odd in ("a @ https://x.invalid/a.whl\n", "--index-url x\n", "# via a\n", "-e .\n"):
        with pytest.raises(StockadeError, match="names no release"):
            read_pins(odd)


def test_explanations_are_one_bounded_line_without_furniture() -> None:
    title = "No solution found when resolving dependencies"
    new = f"error: {title}\n  cause: Because a depends on b\n    And so.\n\nhint: x"
    old = f"\x1b[31m  × {title}:\n  ╰─▶ Because a depends on b\n      And so.\x1b[0m"
    assert explanation(new) == explanation(old) == "Because a depends on b And so."
    assert explanation("") == "uv gave no reason"
    assert len(explanation("cause: " + "x" * 5000)) == limits.MAX_EXPLANATION + 1
    assert sys.executable
