"""Decoys look like what they stand for, and each is found again."""

from __future__ import annotations

import base64
import binascii
import json
import re
import sqlite3
import stat
from collections import Counter
from dataclasses import fields
from hashlib import pbkdf2_hmac
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from stockade.acquire.detonate.decoys import Laid, lay_out
from stockade.model.observation import ANYBODY, ARGUMENT, IN_HEADER

#: What thieves look for first.
PLACES = (
    *(
        ".aws/credentials",
        ".config/gcloud/application_default_credentials.json",
        ".azure/msal_token_cache.json",
    ),
    *(".aliyun/config.json", ".tccli/default.credential", ".ssh/id_ed25519", ".ssh/id_rsa", ".kube/config"),
    *(
        ".netrc",
        ".pypirc",
        ".npmrc",
        "project/.env",
        ".git-credentials",
        ".docker/config.json",
        ".bash_history",
    ),
    *(
        ".config/google-chrome/Default/Login Data",
        ".config/google-chrome/Default/Cookies",
        ".mozilla/firefox",
    ),
    *(
        ".ethereum/keystore",
        ".electrum/wallets/default_wallet",
        ".config/solana/id.json",
        ".bitcoin/wallet.dat",
    ),
)


def laid(home: Path, seed: str | None = "a seed") -> Laid:
    home.mkdir()
    return lay_out(home, seed=seed)


def contents(home: Path) -> dict[str, bytes]:
    return {str(one.relative_to(home)): one.read_bytes() for one in home.rglob("*") if one.is_file()}


def test_the_same_seed_gives_the_same_home_and_another_shares_no_secret(tmp_path: Path) -> None:
    first, again = laid(tmp_path / "first"), laid(tmp_path / "again")
    assert first == again
    assert contents(tmp_path / "first") == contents(tmp_path / "again")
    unforeseen = [laid(tmp_path / name, None) for name in ("x", "y")]
    markers = [{one.marker for one in made.decoys} for made in (first, *unforeseen)]
    assert not markers[0] & markers[1] and not markers[1] & markers[2]


def test_every_place_that_thieves_look_at_is_there_for_its_owner_alone(tmp_path: Path) -> None:
    laid(tmp_path / "home")
    for place in PLACES:
        assert (tmp_path / "home" / place).exists(), place
    for one in (tmp_path / "home").rglob("*"):
        assert stat.S_IMODE(one.stat().st_mode) == (0o700 if one.is_dir() else 0o600), one


def test_each_marker_lies_where_it_is_said_to_and_nowhere_else(tmp_path: Path) -> None:
    made = laid(tmp_path / "home")
    held, seen = contents(tmp_path / "home"), Counter[bytes]()
    served = "\n".join(str(getattr(made.machines, one.name)) for one in fields(made.machines)).encode()
    for decoy in made.decoys:
        seen[decoy.marker] += 1
        assert len(decoy.marker) >= 20
        assert (
            b"\n" not in decoy.marker or not decoy.marker.isascii()
        )  # a line of text stays one wherever it is put
        if decoy.where.startswith("~/"):
            data = held[decoy.where[2:]]
            inside = decoy.marker in data
            # What a program makes of the file, where that is no copy of it.
            assert inside or "Chrome" in decoy.what or decoy.what == "docker password"
            assert not any(decoy.marker in other for path, other in held.items() if path != decoy.where[2:])
        elif decoy.where.startswith(ARGUMENT):
            assert any(decoy.marker.decode() in seed[1:] for seed in made.seeds)
        elif decoy.where[0].isdigit():
            assert decoy.marker in served
        else:
            assert made.variables[decoy.where].encode() == decoy.marker
    assert set(seen.values()) == {1}


def test_they_have_the_forms_of_real_ones(tmp_path: Path) -> None:
    made = laid(tmp_path / "home")
    home = tmp_path / "home"
    assert re.fullmatch(r"AKIA[A-Z2-7]{16}", made.variables["AWS_ACCESS_KEY_ID"])
    assert re.fullmatch(r"[A-Za-z0-9+/]{40}", made.variables["AWS_SECRET_ACCESS_KEY"])
    token = made.variables["GITHUB_TOKEN"]
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    said = 0
    for one in token[-6:]:
        said = said * 62 + letters.index(one)
    assert said == binascii.crc32(token[4:-6].encode())
    key = load_ssh_private_key((home / ".ssh/id_ed25519").read_bytes(), None)
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    assert (home / ".ssh/id_ed25519.pub").read_bytes().startswith(public)
    for name in (".aliyun/config.json", ".azure/msal_token_cache.json", ".docker/config.json"):
        json.loads((home / name).read_bytes())


def test_the_line_of_an_ssh_key_that_is_looked_for_is_of_its_private_half(tmp_path: Path) -> None:
    made = laid(tmp_path / "home")
    text = (tmp_path / "home/.ssh/id_ed25519").read_bytes()
    private = load_ssh_private_key(text, None).private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    line = next(one.marker for one in made.decoys if one.what == "ssh key")
    body = b"".join(text.splitlines()[1:-1])
    start, at = base64.b64decode(body).index(private) * 4 // 3, body.index(line)
    assert at <= start and start + 4 * len(private) // 3 - 1 <= at + len(line)


def test_browsers_would_open_their_databases(tmp_path: Path) -> None:
    made = laid(tmp_path / "home")
    chrome = tmp_path / "home/.config/google-chrome/Default"
    with sqlite3.connect(chrome / "Login Data") as database:
        rows = database.execute("SELECT origin_url, username_value, password_value FROM logins").fetchall()
    database.close()
    key = pbkdf2_hmac("sha1", b"peanuts", b"saltysalt", 1, 16)
    opened = set()
    for _, _, kept in rows:
        decryptor = Cipher(algorithms.AES(key), modes.CBC(b" " * 16)).decryptor()
        plain = decryptor.update(kept[3:]) + decryptor.finalize()
        opened.add(plain[: -plain[-1]])
    assert len(opened) == 2 and opened <= {one.marker for one in made.decoys}


def test_no_host_of_it_exists_but_those_of_services_that_everybody_uses(tmp_path: Path) -> None:
    made = laid(tmp_path / "home")
    hosts = {host for one in made.decoys for host in one.meant if host not in {ANYBODY, IN_HEADER}}
    assert all(host.startswith(".") or "." in host for host in hosts)
    named = re.findall(
        rb"https?://(?:[^/@\s\"]*@)?([a-z0-9.-]+)", b"\n".join(contents(tmp_path / "home").values())
    )
    assert {host for host in named if not host.endswith(b".invalid")} <= {
        b"oauth2.googleapis.com",
        b"github.com",
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("access_key_id", "access key id"),
        ("access_key", "access key id"),
        ("ak", "access key id"),
        ("secretId", "access key id"),
        ("client_id", "access key id"),
        ("access_key_secret", "secret key"),
        ("aws_secret_access_key", "secret key"),
        ("secret_key", "secret key"),
        ("private_key", "secret key"),
        ("sk", "secret key"),
        ("mnemonic", "recovery phrase"),
        ("api_key", "token"),
        ("password", "token"),
        ("auth_token", "token"),
        ("client_secret", "token"),
        ("region", ""),
        ("url", ""),
        ("monkey", ""),
    ],
)
def test_parameters_get_what_they_are_called_like(tmp_path: Path, name: str, kind: str) -> None:
    made = laid(tmp_path / "home")
    told = {one.marker.decode(): one.what for one in made.decoys if one.where.startswith(ARGUMENT)}
    found = next((seed for seed in made.seeds if re.search(seed[0], name, re.IGNORECASE)), None)
    assert (told[found[1]] if found else "") == kind
    if found:
        assert found[1] != found[2] and told[found[2]] == kind
