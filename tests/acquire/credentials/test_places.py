"""Every kind of place, in a home made of nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stockade.acquire.credentials.home import Home
from stockade.acquire.credentials.inventory import Scope, inventory
from stockade.model.credential import Credential, Kind, Life
from tests.support.homes import CANARY, Known, database, home, rows, secret, write

KEY = b"k" * 32


def found(root: Path, environ: dict[str, str] | None = None, **more: object) -> tuple[Credential, ...]:
    said: list[str] = []
    scope = Scope(
        home=Home(root=root, environ=environ or {}, say=lambda sentence, where: said.append(sentence)),
        environ=environ or {},
        proc=None,
        pod=None,
        **more,  # type: ignore[arg-type]
    )
    made = inventory(scope, KEY)
    assert said == []
    return made


def known(one: Credential) -> Known:
    return Known(one.provider, str(one.kind), one.principal, one.places[0].item, str(one.life))


@pytest.mark.parametrize("name", list(rows()))
def test_a_place(tmp_path: Path, name: str) -> None:
    text, expected = rows()[name]
    write(tmp_path / name, text)
    if name == ".ssh/id_ed25519":
        write(tmp_path / f"{name}.pub", "ssh-ed25519 AAAA me@laptop\n")
    made = found(tmp_path)
    assert sorted(map(known, made), key=str) == sorted(expected, key=str)
    for one in made:
        assert bool(one.fingerprint) == (one.kind is not Kind.STORE)
        assert CANARY not in repr(one)


def test_a_whole_home_is_the_sum_of_its_places(tmp_path: Path) -> None:
    made = found(home(tmp_path))
    expected = [one for _, many in rows().values() for one in many]
    assert sorted(map(str, map(known, made))) == sorted(
        [
            *map(str, expected),
            str(Known("Google Cloud", "refresh token", "db@x.invalid", "db@x.invalid", "renews itself")),
        ]
    )
    assert CANARY not in repr(made)


def test_an_empty_home_has_none(tmp_path: Path) -> None:
    assert found(tmp_path) == ()


def test_one_secret_in_several_places_is_one_credential(tmp_path: Path) -> None:
    write(tmp_path / ".cache/huggingface/token", secret("same"))
    write(tmp_path / "jobs/.env", f"HF_TOKEN={secret('same')}\n")
    write(tmp_path / "other/.env", f"SOME_TOKEN={secret('same')}\n")
    (one,) = found(tmp_path, {"HF_TOKEN": secret("same")})
    assert one.provider == "Hugging Face"
    assert {place.where for place in one.places} == {
        "~/.cache/huggingface/token",
        "~/jobs/.env",
        "~/other/.env",
        "$HF_TOKEN",
    }


def test_fingerprints_are_of_this_machine(tmp_path: Path) -> None:
    write(tmp_path / ".vault-token", secret("v"))
    scope = Scope(home=Home(root=tmp_path), environ={}, proc=None, pod=None)
    first, again, other = (inventory(scope, key)[0].fingerprint for key in (KEY, KEY, b"x" * 32))
    assert first == again != other


def test_variables_name_further_files(tmp_path: Path) -> None:
    write(tmp_path / "keys/sa.json", json.dumps({"client_email": "b@x.invalid", "private_key": secret("sa")}))
    (one,) = found(tmp_path, {"GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "keys/sa.json")})
    assert (one.provider, one.principal, one.places[0].where) == (
        "Google Cloud",
        "b@x.invalid",
        "~/keys/sa.json",
    )


def test_gclouds_database_of_tokens(tmp_path: Path) -> None:
    data = database(
        tmp_path,
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE access_tokens (account_id TEXT, access_token TEXT, token_expiry TIMESTAMP)",
        f"INSERT INTO access_tokens VALUES ('me@x.invalid', '{secret('at')}', '2026-01-02 03:04:05')",
    )
    write(tmp_path / "h/.config/gcloud/access_tokens.db", data)
    (one,) = found(tmp_path / "h")
    assert one.life is Life.SHORT
    assert one.expires is not None and one.expires.isoformat() == "2026-01-02T03:04:05+00:00"


def test_a_pods_token(tmp_path: Path) -> None:
    from tests.support.homes import jwt

    write(tmp_path / "token", jwt(sub="system:serviceaccount:a:b", iat=1700000000))
    scope = Scope(home=Home(root=tmp_path / "h"), environ={}, proc=None, pod=tmp_path / "token")
    (one,) = inventory(scope, KEY)
    assert (one.provider, one.principal, one.life) == ("Kubernetes", "system:serviceaccount:a:b", Life.LONG)
    assert one.created is not None and one.created.year == 2023


def test_a_linked_file_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "dotfiles/netrc", f"machine x.invalid login me password {secret('n')}\n")
    (tmp_path / ".netrc").symlink_to(tmp_path / "dotfiles/netrc")
    (tmp_path / "_netrc").symlink_to(tmp_path / ".netrc")
    (one,) = found(tmp_path)
    assert [place.where for place in one.places] == ["~/.netrc"]


def test_a_token_in_the_place_of_a_user_is_not_told(tmp_path: Path) -> None:
    token = secret("token-as-a-user")
    write(tmp_path / ".git-credentials", f"https://{token}@github.invalid\n")
    write(tmp_path / ".kube/config", json.dumps({"users": {token: {"user": {"token": token}}}}))
    (one,) = found(tmp_path)
    assert len(one.places) == 2
    assert CANARY not in repr(one)
