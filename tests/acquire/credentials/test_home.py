"""What is read of a home, what is not, and what is said of it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.credentials.home import Home
from stockade.acquire.credentials.inventory import Scope, inventory
from stockade.acquire.credentials.loose import candidates
from stockade.model.credential import Credential
from tests.support.homes import secret, write


def looked(root: Path) -> tuple[tuple[Credential, ...], list[str]]:
    said: list[str] = []
    scope = Scope(
        home=Home(root=root, say=lambda sentence, where: said.append(sentence)),
        environ={},
        proc=None,
        pod=None,
    )
    return inventory(scope, b"k"), said


def test_what_is_damaged_is_said_and_the_rest_found(tmp_path: Path) -> None:
    write(tmp_path / ".config/hcloud/cli.toml", "no toml =")
    write(tmp_path / ".vault-token", secret("v"))
    made, said = looked(tmp_path)
    assert [one.provider for one in made] == ["Vault/OpenBao"]
    assert said == ["~/.config/hcloud/cli.toml was not read: it is no TOML"]


def test_pipes_and_folders_are_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".vault-token")
    (tmp_path / ".netrc").mkdir()
    (tmp_path / ".pgpass").symlink_to(tmp_path / "nowhere")
    assert looked(tmp_path) == ((), [])


def test_a_file_that_is_too_large_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CREDENTIAL_FILE", 1 << 20)
    write(tmp_path / ".vault-token", "x" * ((1 << 20) + 1))
    assert looked(tmp_path) == ((), ["~/.vault-token was not read: it has more than 1 MiB"])


def test_a_file_with_too_many_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CREDENTIALS_OF_FILE", 2)
    write(tmp_path / ".netrc", "".join(f"machine {n}.invalid password {secret(str(n))}\n" for n in range(4)))
    made, said = looked(tmp_path)
    assert len(made) == 2
    assert said == ["~/.netrc: only the first 2 credentials were read"]


def test_who_else_can_read_it(tmp_path: Path) -> None:
    root = tmp_path / "open/home"
    write(root / ".vault-token", secret("v"))
    for mode, folder, who in (
        (0o600, 0o755, ""),
        (0o644, 0o755, "everybody"),
        (0o640, 0o755, "its group"),
        (0o644, 0o700, ""),
        (0o644, 0o710, "its group"),
    ):
        (root / ".vault-token").chmod(mode)
        root.chmod(folder)
        for above in (root.parent, tmp_path, *tmp_path.parents):
            if os.stat(above).st_uid == os.geteuid() and above.name.startswith(
                ("open", "test_", "pytest-", "popen")
            ):
                above.chmod(0o755)
        (made,), _ = looked(root)
        assert made.places[0].readable == who, oct(mode)


def test_a_working_tree(tmp_path: Path) -> None:
    write(tmp_path / "shop/sub/.env", f"GH_TOKEN={secret('g')}\n")
    (made,), _ = looked(tmp_path)
    assert made.places[0].repository == ""
    (tmp_path / "shop/.git").mkdir()
    (made,), _ = looked(tmp_path)
    assert made.places[0].repository == "~/shop"


def test_a_home_that_is_a_working_tree_is_nobodys_fault(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path / ".vault-token", secret("v"))
    (made,), _ = looked(tmp_path)
    assert made.places[0].repository == ""


def test_its_age_is_that_of_the_oldest_file(tmp_path: Path) -> None:
    write(tmp_path / ".vault-token", secret("v"))
    write(tmp_path / "x/.env", f"VAULT_TOKEN={secret('v')}\n")
    old = time.time() - 100 * 86400
    os.utime(tmp_path / ".vault-token", (old, old))
    (made,), _ = looked(tmp_path)
    assert made.known_since is not None and abs(made.known_since.timestamp() - old) < 1


def test_which_files_are_opened(tmp_path: Path) -> None:
    for name in (
        "a/.env",
        "a/.env.local",
        "a/prod.env",
        "a/.envrc",
        "a/docker-compose.dev.yml",
        "a/x.ipynb",
        "a/1/2/3/4/5/.env",
        ".config/app/.env",
        # and not these
        "a/.env.example",
        "a/.env.sample",
        "a/main.py",
        "a/node_modules/x/.env",
        "a/.venv/.env",
        "a/1/2/3/4/5/6/.env",
        ".cache/x/.env",
        ".unknown/.env",
    ):
        write(tmp_path / name, "A=1\n")
    (tmp_path / "a/link.env").symlink_to(tmp_path / "a/.env")
    made = sorted(str(one.relative_to(tmp_path)) for one in candidates(Home(root=tmp_path)))
    assert made == [
        ".config/app/.env",
        "a/.env",
        "a/.env.local",
        "a/.envrc",
        "a/1/2/3/4/5/.env",
        "a/docker-compose.dev.yml",
        "a/prod.env",
        "a/x.ipynb",
    ]


def test_a_home_without_end_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_LOOSE_ENTRIES", 3)
    for number in range(5):
        write(tmp_path / f"{number}.txt", "")
    assert looked(tmp_path)[1] == ["loose files: only the first 3 names were looked at"]
