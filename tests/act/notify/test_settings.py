"""watch.toml: strict, of nobody else, and no secret is ever said."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from stockade.act.notify.channels import Desktop, desktop
from stockade.act.notify.message import trial
from stockade.act.notify.settings import NAME, Settings, channels, parse_settings, read_settings
from stockade.errors import BadWatch, NotifyFailed
from tests.support.records import NOW
from tests.support.sink import Sink

HOOK = """
[[webhook]]
name = "team"
kind = "json"
"""


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / NAME
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "nowhere") == Settings()
    assert [one.name for one in channels(Settings(), tmp_path, {}, print)] == ["terminal"]


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    written(
        tmp_path,
        'version = 1\nevery = "30m"\nterminal = false\ndesktop = false\n'
        + HOOK
        + 'url = "https://hooks.example/x"\nsecret-env = "SIGN"\n'
        + '[[webhook]]\nname = "chat"\nkind = "slack"\nurl-env = "CHAT"\n',
    )
    settings = read_settings(tmp_path)
    assert settings.every == timedelta(minutes=30) and settings.variables == ("SIGN", "CHAT")
    assert [one.name for one in channels(settings, tmp_path, {"DISPLAY": ":0"}, print)] == ["team", "chat"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("evry = 1", "line 1: evry is no key of watch.toml; valid here: version, every"),
        ("version = 2", "version must be 1"),
        ("version = true", "version must be 1"),
        ('every = "1m"', 'every must be a duration from "5m" to "4w"'),
        ("every = 5", "every must be a duration"),
        ('every = "soon"', "every must be a duration"),
        ("terminal = 1", "terminal must be true or false"),
        ("a = [", "is not TOML"),
        ("a = " + "[" * 9999, "is nested too deeply"),
        ("webhook = 1", r"must be written as \[\[webhook\]\]"),
        (HOOK + 'urls = "x"', "webhook.urls is no key"),
        (HOOK, "team needs exactly one of url, url-env, url-file"),
        (HOOK + 'url = "https://a.example"\nurl-env = "A"', "exactly one of"),
        (HOOK + "url = 5", "webhook.url must be a text"),
        (HOOK + 'url = "http://hooks.example/t0ken"', "hooks.example would be told without encryption"),
        (HOOK + 'url-env = "a b"', "must be the name of a variable"),
        (HOOK + 'url-env = "A"\nsecret-env = "B"\nsecret-file = "c"', "one of them is enough"),
        ('[[webhook]]\nname = "terminal"\nkind = "json"\nurl-env = "A"', "webhook.name must be"),
        (
            '[[webhook]]\nname = "a"\nkind = "irc"\nurl-env = "A"',
            "webhook.kind must be one of json, slack, teams",
        ),
        ('[[webhook]]\nname = "a"\nkind = "slack"\nurl-env = "A"\nsecret-env = "B"', "checks no signature"),
        ((HOOK + 'url-env = "A"') * 2, "'team' is there twice"),
    ],
)
def test_what_is_not_exactly_that_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(BadWatch, match=said) as caught:
        parse_settings(text, Path("watch.toml"))
    assert "t0ken" not in str(caught.value)


def test_a_file_of_others_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "", 0o666)
    with pytest.raises(BadWatch, match="other users own it or may write to it"):
        read_settings(tmp_path)
    written(tmp_path, HOOK + 'url = "https://hooks.example/x"', 0o644)
    with pytest.raises(BadWatch, match="holds a webhook's address, and others may read it"):
        read_settings(tmp_path)
    written(tmp_path, HOOK + 'url-env = "A"', 0o644)
    assert read_settings(tmp_path).hooks
    (tmp_path / NAME).write_bytes(b"\xff")
    with pytest.raises(BadWatch, match="is not UTF-8 text"):
        read_settings(tmp_path)
    (tmp_path / NAME).write_bytes(b"#" * (1 << 21))
    with pytest.raises(BadWatch, match="larger than"):
        read_settings(tmp_path)
    (tmp_path / NAME).unlink()
    os.mkfifo(tmp_path / NAME)
    with pytest.raises(BadWatch, match="no plain file"):
        read_settings(tmp_path)
    (tmp_path / NAME).unlink()
    (tmp_path / NAME).symlink_to(tmp_path / "else.toml")
    with pytest.raises(BadWatch, match="cannot be used"):
        read_settings(tmp_path)


def test_secrets_come_from_variables_and_private_files(tmp_path: Path) -> None:
    for name in ("address", "key"):
        (tmp_path / name).touch(0o600)
    written(tmp_path, HOOK + 'url-file = "address"\nsecret-file = "key"\n')
    with Sink() as sink:
        (tmp_path / "address").write_text(sink.url + "\n", encoding="utf-8")
        (team,) = [
            one for one in channels(read_settings(tmp_path), tmp_path, {}, print) if one.name == "team"
        ]
        (tmp_path / "key").write_text("short\n", encoding="utf-8")
        with pytest.raises(NotifyFailed, match="its secret is shorter than 16 bytes"):
            team.tell(trial(NOW))
        (tmp_path / "key").write_text("0123456789abcdef\n", encoding="utf-8")
        team.tell(trial(NOW))
        assert (
            "Stockade-Signature" in sink.told[0].headers
            and sink.told[0].value["alerts"][0]["kind"] == "trial"
        )
        (tmp_path / "key").chmod(0o640)
        with pytest.raises(NotifyFailed, match="others may read"):
            team.tell(trial(NOW))
        (tmp_path / "key").write_bytes(b"\xff" * 20)
        (tmp_path / "key").chmod(0o600)
        with pytest.raises(NotifyFailed, match="not UTF-8"):
            team.tell(trial(NOW))
        (tmp_path / "key").unlink()
        with pytest.raises(NotifyFailed, match="cannot be used: No such file"):
            team.tell(trial(NOW))


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    settings = parse_settings(HOOK + 'url-env = "HOOK"\nsecret-env = "SIGN"', tmp_path)
    with Sink() as sink:
        (_, team) = channels(settings, tmp_path, {}, print)
        with pytest.raises(NotifyFailed, match="the variable HOOK is not set"):
            team.tell(trial(NOW))
        (_, team) = channels(settings, tmp_path, {"HOOK": sink.url, "SIGN": "x" * 20}, print)
        team.tell(trial(NOW))
        assert len(sink.taken) == 1


def program(folder: Path, name: str, body: str) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!{sys.executable}\nimport sys, time, json\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return {"PATH": str(folder), "DISPLAY": ":0"}


def test_a_desktop_is_told_by_an_argument_list(tmp_path: Path) -> None:
    out = tmp_path / "said.json"
    environ = program(tmp_path / "bin", "notify-send", f"json.dump(sys.argv[1:], open({str(out)!r}, 'w'))")
    found = desktop(environ, "linux")
    assert found is not None
    found.tell(trial(NOW))
    assert '"--", "Stockade can reach you"' in out.read_text(encoding="utf-8")
    assert desktop({"PATH": environ["PATH"]}, "linux") is None, "nobody sits there"
    assert desktop({"PATH": str(tmp_path), "DISPLAY": ":0"}, "linux") is None
    assert [one.name for one in channels(Settings(), tmp_path, environ, print)] == ["terminal", "desktop"]


def test_on_macos_the_texts_are_arguments_of_the_script(tmp_path: Path) -> None:
    out = tmp_path / "said.json"
    environ = program(tmp_path / "bin", "osascript", f"json.dump(sys.argv[1:], open({str(out)!r}, 'w'))")
    found = desktop(environ, "darwin")
    assert found is not None and desktop({"PATH": str(tmp_path)}, "darwin") is None
    found.tell(trial(NOW))
    assert '"end run", "Stockade can reach you"' in out.read_text(encoding="utf-8")


def test_a_desktop_that_cannot_be_told_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = program(tmp_path / "bin", "notify-send", "sys.exit(3)")
    found = desktop(environ, "linux")
    assert found is not None
    with pytest.raises(NotifyFailed, match="ended with 3"):
        found.tell(trial(NOW))
    with pytest.raises(NotifyFailed, match="cannot be run"):
        Desktop(str(tmp_path / "none")).tell(trial(NOW))
    program(tmp_path / "bin", "notify-send", "time.sleep(60)")
    monkeypatch.setattr("stockade.limits.NOTIFY_SECONDS", 0.2)
    with pytest.raises(NotifyFailed, match="does not end"):
        found.tell(trial(NOW))
