"""``stockade creds`` over a home that is made up; a real one is never looked at."""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

import jsonschema  # type: ignore[import-untyped] # its stubs would be one more dependency
import pytest

from stockade.act.report.json import schema_text
from stockade.cli import creds
from tests.cli.conftest import Run
from tests.support.homes import CANARY, home, rows, secret, write


def everything_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("action", ["list", "check", "snapshot"])
def test_no_secret_is_anywhere(run: Run, tmp_path: Path, action: str, form: str) -> None:
    root = home(tmp_path / "made")
    done = run("creds", action, "--home", root, "--format", form)
    assert done.code in {0, 10, 12}
    assert CANARY not in done.out + done.err
    assert "AKIAFAKE1" in done.out
    assert (tmp_path / "data/credentials.key").exists()
    for folder in ("data", "cache", "config", "here"):
        assert CANARY.encode() not in everything_below(tmp_path / folder)


def test_what_a_person_sees(run: Run, tmp_path: Path) -> None:
    write(
        tmp_path / "h/.aws/credentials",
        f"[dev]\naws_access_key_id=AKIAFAKE\naws_secret_access_key={secret('a')}\n",
    )
    write(tmp_path / "h/.vault-token", secret("v"))
    done = run("creds", "list", "--home", tmp_path / "h")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "· AWS access key of AKIAFAKE\n"
        "    long-lived, at least 0 days old, replaced by its provider's API\n"
        "    ~/.aws/credentials  profile dev\n"
        "· Vault/OpenBao token\n"
        "    at least 0 days old, replaced by its provider's API\n"
        "    ~/.vault-token\n"
        "2 credentials that a package running as you could read; `stockade creds check` holds them against policy.\n"
    )


def test_a_check_tells_the_worst_first(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "h"
    write(
        root / ".aws/credentials", f"[dev]\naws_access_key_id=AKIAFAKE\naws_secret_access_key={secret('a')}\n"
    )
    write(root / ".vault-token", secret("v"))
    write(root / "shop/.env", f"GH_TOKEN={secret('g')}\n")
    (root / "shop/.git").mkdir()
    old = time.time() - 200 * 86400
    os.utime(root / ".vault-token", (old, old))
    done = run("creds", "check", "--home", root)
    assert done.code == 10
    assert done.out == (
        "✗ Vault/OpenBao token\n"
        "    at least 200 days old, replaced by its provider's API\n"
        "    ~/.vault-token\n"
        "      ✗ it is at least 200 days old, and policy allows 90\n"
        "        replace it: by its provider's API\n"
        "? GitHub token\n"
        "    long-lived, at least 0 days old, replaced by hand, once revoked by its provider's API\n"
        "    ~/shop/.env  GH_TOKEN\n"
        "      ? ~/shop/.env lies in the working tree of ~/shop\n"
        "        keep it outside, or have git ignore it; if it was ever pushed, rotate it\n"
        "✓ AWS access key of AKIAFAKE\n"
        "    long-lived, at least 0 days old, replaced by its provider's API\n"
        "    ~/.aws/credentials  profile dev\n"
        "3 credentials that a package running as you could read: 1 against policy, 1 to look at"
        " (policy: built-in defaults).\n"
    )
    (tmp_path / "here/stockade.toml").write_text('[credentials]\nmax-age = "52w"\nlong-lived = "ask"\n')
    done = run("creds", "check", "--home", root)
    assert done.code == 12
    assert "aws configure sso" in done.out


def test_a_document_is_as_published(run: Run, tmp_path: Path) -> None:
    root = home(tmp_path / "made")
    write(root / ".config/hcloud/cli.toml", "broken =")
    done = run("creds", "check", "--home", root, "--format", "json")
    document = json.loads(done.out)
    jsonschema.Draft202012Validator(json.loads(schema_text("stockade-credentials-1"))).validate(document)
    assert len(document["credentials"]) == sum(len(many) for _, many in rows().values())
    assert document["notes"] == ["~/.config/hcloud/cli.toml was not read: it is no TOML"]
    assert done.out.isascii()


def test_names_in_files_cannot_move_the_cursor(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "h/.netrc", f"machine \x1b[2Jx.invalid login \x1b]0;me password {secret('n')}\n")
    done = run("creds", "list", "--home", tmp_path / "h")
    assert "\x1b" not in done.out


def test_an_empty_home(run: Run, tmp_path: Path) -> None:
    done = run("creds", "check", "--home", tmp_path / "here")
    assert done.code == 0
    said = "0 credentials that a package running as you could read: 0 against policy, 0 to look at"
    assert done.out == f"{said} (policy: built-in defaults).\n"


def test_a_home_that_is_not_there(run: Run, tmp_path: Path) -> None:
    done = run("creds", "list", "--home", tmp_path / "absent")
    assert done.code == 3
    assert "absent is no folder" in done.err


def test_ones_own_home_with_variables_and_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Only what would be looked at: a test reads no real home, and no process but its own.
    monkeypatch.setenv("HOME", str(tmp_path))
    scope = creds._scope(argparse.Namespace(home=None, loose=False), {})
    assert (scope.home.root, scope.environ is os.environ, scope.proc, scope.loose) == (
        tmp_path,
        True,
        Path("/proc"),
        False,
    )
    other = creds._scope(argparse.Namespace(home=tmp_path, loose=True), {})
    assert (other.environ, other.proc, other.pod) == ({}, None, None)


def test_a_snapshot_says_what_came_and_went(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "h"
    write(root / ".vault-token", secret("v"))
    write(root / ".cache/huggingface/token", secret("h"))
    first = run("creds", "snapshot", "--home", root)
    assert (first.code, first.err) == (0, "")
    assert first.out == (
        "+ Hugging Face token\n    ~/.cache/huggingface/token\n+ Vault/OpenBao token\n    ~/.vault-token\n"
        "2 credentials written down for the first time: 2 came, 0 went. No secret is among what was written.\n"
    )
    (root / ".vault-token").unlink()
    write(root / ".netrc", f"machine x.invalid login me password {secret('n')}\n")
    done = run("creds", "snapshot", "--home", root, "--format", "json")
    document = json.loads(done.out)
    jsonschema.Draft202012Validator(json.loads(schema_text("stockade-credential-changes-1"))).validate(
        document
    )
    assert [one["provider"] for one in document["came"]] == ["x.invalid"]
    assert [one["provider"] for one in document["went"]] == ["Vault/OpenBao"]
    assert document["went"][0]["gone"] == document["at"]
    again = run("creds", "snapshot", "--home", root)
    assert ": 0 came, 0 went." in again.out.splitlines()[-1]


def test_what_cannot_be_read_has_not_gone(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "h"
    write(root / ".config/hcloud/cli.toml", f'[[contexts]]\nname = "x"\ntoken = "{secret("t")}"\n')
    run("creds", "snapshot", "--home", root)
    write(root / ".config/hcloud/cli.toml", "broken =")
    done = run("creds", "snapshot", "--home", root)
    assert "was not read" in done.out and ": 0 came, 0 went." in done.out
    write(root / ".config/hcloud/cli.toml", "")
    done = run("creds", "snapshot", "--home", root)
    assert ": 0 came, 1 went." in done.out
