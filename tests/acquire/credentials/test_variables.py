"""Variables of this process and of others, and tokens that are known by their shape."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stockade.acquire.credentials.home import Home
from stockade.acquire.credentials.inventory import Scope, inventory
from stockade.acquire.credentials.processes import environments, variables
from stockade.acquire.credentials.shapes import SHAPES, found_in
from stockade.acquire.credentials.variables import KNOWN, credentials_of
from tests.support.homes import jwt, secret


def told(**environ: str) -> list[tuple[str, str, str, str, str]]:
    return [(one.provider, one.kind, one.principal, one.item, one.life) for one in credentials_of(environ)]


@pytest.mark.parametrize("name", [one for one in KNOWN if not one.endswith("*")])
def test_a_known_variable(name: str) -> None:
    provider, kind, life, _ = KNOWN[name]
    assert told(**{name: secret("x")}) == [(provider, kind, "", name, life)]


def test_what_stands_beside_it() -> None:
    assert told(AWS_ACCESS_KEY_ID="AKIAFAKE", AWS_SECRET_ACCESS_KEY=secret("a"), AWS_SESSION_TOKEN="t") == [
        ("AWS", "access key", "AKIAFAKE", "AWS_SECRET_ACCESS_KEY", "short-lived")
    ]
    assert told(POETRY_HTTP_BASIC_MINE_USERNAME="someone", POETRY_HTTP_BASIC_MINE_PASSWORD=secret("p")) == [
        ("Python index", "password", "", "POETRY_HTTP_BASIC_MINE_PASSWORD", "long-lived")
    ]
    assert told(TF_TOKEN_tf_invalid=secret("t")) == [
        ("Terraform", "token", "", "TF_TOKEN_tf_invalid", "long-lived")
    ]


def test_variables_that_nobody_knows() -> None:
    assert told(SHOP_API_KEY=secret("k"), SHOP_PASSWORD=secret("p"), SHOP_TOKEN=jwt(sub="me", exp=1)) == [
        ("unknown", "token", "", "SHOP_API_KEY", "unknown"),
        ("unknown", "password", "", "SHOP_PASSWORD", "unknown"),
        ("unknown", "token", "me", "SHOP_TOKEN", "short-lived"),
    ]
    assert told(CACHE_URL=f"redis://me:{secret('r')}@r.invalid/0 https://x.invalid") == [
        ("r.invalid", "password", "me", "CACHE_URL", "long-lived")
    ]
    assert told(NOTE=f"use ghp_{'A' * 36} here") == [("GitHub", "token", "", "NOTE", "long-lived")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PATH", "/usr/bin:/bin"),
        ("LANG", "C.UTF-8"),
        ("GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D"),
        ("SSH_AUTH_SOCK", "/tmp/ssh-x/agent.1"),
        ("AWS_PROFILE", "dev"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token"),
        ("GITHUB_TOKEN", "${{ x }}"),
        ("MY_TOKEN", "/run/secrets/token"),
        ("HOMEPAGE", "https://me@x.invalid/"),
        ("NO_PASSWORD", "none"),
        ("KEYBOARD_LAYOUT", "us-intl"),
    ],
)
def test_variables_that_hold_none(name: str, value: str) -> None:
    assert told(**{name: value}) == []


EXAMPLES = {
    "ghp_": "A" * 36,
    "gho_": "A" * 36,
    "ghu_": "A" * 36,
    "ghs_": "A" * 36,
    "ghr_": "A" * 36,
    "github_pat_": "A" * 22 + "_" + "B" * 59,
    "glpat-": "a" * 20,
    "npm_": "A" * 36,
    "pypi-AgE": "A" * 60,
    "hf_": "a" * 34,
    "sk-ant-": "a" * 90,
    "sk-proj-": "a" * 48,
    "AIza": "a" * 35,
    "xoxb-": "1" * 10 + "-" + "2" * 10 + "-" + "a" * 24,
    "xoxp-": "1" * 10 + "-" + "2" * 10 + "-" + "a" * 24,
    "sk_live_": "a" * 24,
    "dop_v1_": "0" * 64,
    "hvs.": "a" * 24,
    "dapi": "0" * 32,
}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda one: one.hint.decode())
def test_a_shape(shape: object) -> None:
    hint = shape.hint.decode()  # type: ignore[attr-defined]
    token = hint + EXAMPLES[hint]
    (one,) = found_in(f"curl -H 'x: {token}' y".encode())
    assert one.provider == shape.provider  # type: ignore[attr-defined]
    assert one.secret is not None and one.secret.within(token)
    for other in (f"x{token}", hint, hint + "x" * 5):
        assert list(found_in(other.encode())) == []


def test_an_access_key_in_a_text() -> None:
    key, number = "a/+9" * 10, "AKIA" + "A" * 16
    (one,) = found_in(f"aws_access_key_id = {number}\naws_secret_access_key = {key}\n".encode())
    assert (one.provider, one.principal, one.life) == ("AWS", number, "long-lived")
    (one,) = found_in(f'{{"AccessKeyId": "ASIA{"B" * 16}", "SecretAccessKey": "{key}"}}'.encode())
    assert one.life == "short-lived"
    assert list(found_in(f"secret_access_key = {key}".encode())) == []
    assert list(found_in(f"{number} and a digest {key}".encode())) == []


def process(proc: Path, number: int, name: str, environ: bytes) -> None:
    folder = proc / str(number)
    folder.mkdir(parents=True)
    (folder / "comm").write_text(f"{name}\n")
    (folder / "environ").write_bytes(environ)


def test_other_processes(tmp_path: Path) -> None:
    process(tmp_path, 7, "python", f"A=1\0GH_TOKEN={secret('p')}\0odd\0".encode())
    process(tmp_path, 8, "me", f"GH_TOKEN={secret('own')}\0".encode())
    (tmp_path / "9").mkdir()
    (tmp_path / "self").mkdir()
    assert [(name, dict(them)) for name, them in environments(tmp_path, own=8)] == [
        ("python", {"A": "1", "GH_TOKEN": secret("p")})
    ]
    assert list(environments(tmp_path, user=os.geteuid() + 1)) == []
    assert list(environments(tmp_path / "absent")) == []
    scope = Scope(home=Home(root=tmp_path / "h"), environ={"GH_TOKEN": secret("p")}, proc=tmp_path, pod=None)
    # Our own pid is none of these two, so that both are others'.
    made = {one.places[0].item: [place.item for place in one.places] for one in inventory(scope, b"k")}
    assert made == {"of me": ["of me"], "": ["", "of python"]}


def test_variables_as_the_kernel_has_them() -> None:
    assert variables(b"A=b=c\0\xff=1\0\0") == {"A": "b=c", "\udcff": "1"}
