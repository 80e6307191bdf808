"""Logins reach their own origin and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from stockade.acquire.index.credentials import (
    Login,
    LoginBook,
    Netrc,
    Secret,
    origin_of,
    read_netrc,
    shown_url,
    system_keyring,
    without_login,
)
from stockade.errors import UsageError


def login(user: str, password: str = "geheim") -> Login:
    return Login(Secret(user), Secret(password))


@dataclass(frozen=True, slots=True)
class Kept:
    username: str
    password: str


class FakeKeyring:
    """A keyring that knows one service, and counts its questions."""

    def __init__(self, **known: Kept) -> None:
        self.known = {name.replace("_", "."): kept for name, kept in known.items()}
        self.asked: list[tuple[str, str | None]] = []

    def get_credential(self, service_name: str, username: str | None, /) -> Kept | None:
        self.asked.append((service_name, username))
        return self.known.get(service_name)


def test_a_login_is_taken_out_of_its_url() -> None:
    url, found = without_login("https://us%40er:p%3Aw@host.invalid:8443/simple?a=b")
    assert url == "https://host.invalid:8443/simple?a=b"
    assert found == login("us@er", "p:w")
    assert without_login("https://host.invalid/simple") == ("https://host.invalid/simple", None)
    with pytest.raises(UsageError, match="a file cannot be read as a URL"):
        without_login("https://u:geheim@host.invalid:port/", "a file")


def test_what_is_shown_of_a_url() -> None:
    assert shown_url("https://u:geheim@host.invalid/a?signature=geheim#geheim") == "https://host.invalid/a"
    assert shown_url("https://[geheim") == "an unreadable URL"


def test_a_login_goes_to_its_own_origin_only() -> None:
    book = LoginBook({"https://a.invalid/simple": login("a"), "https://b.invalid/simple": None}, Netrc({}))
    assert book.for_url("https://A.invalid:443/files/x") == login("a")
    for other in (
        "http://a.invalid/simple/",
        "https://a.invalid:8443/",
        "https://b.invalid/",
        "https://x.invalid/",
    ):
        assert book.for_url(other) is None


def test_of_several_on_one_origin_the_nearest_path_counts() -> None:
    sources: dict[str, Login | None] = {
        "https://a.invalid/team/one/simple": login("one"),
        "https://a.invalid/team/two/simple": login("two"),
    }
    book = LoginBook(sources, Netrc({}))
    assert book.for_url("https://a.invalid/team/two/simple/requests/") == login("two")
    assert book.for_url("https://a.invalid/team/one/files/x.whl") == login("one")


def test_netrc(tmp_path: Path) -> None:
    path = tmp_path / "netrc"
    path.write_text(
        "machine a.invalid login one password geheim\ndefault login anyone password geheim\n",
        encoding="utf-8",
    )
    found = read_netrc(path)
    book = LoginBook({"https://index.invalid/simple": None}, found)
    assert book.for_url("https://a.invalid/x") == login("one")
    assert book.for_url("https://index.invalid/x") == login("anyone")
    assert book.for_url("https://elsewhere.invalid/x") is None, "the default is for the index alone"
    assert "geheim" not in repr(found)


def test_a_netrc_that_is_none(tmp_path: Path) -> None:
    assert read_netrc(None) == Netrc({})
    assert read_netrc(tmp_path / "absent") == Netrc({})
    path = tmp_path / "netrc"
    path.write_text("machine a.invalid login one pasword geheim\n", encoding="utf-8")
    found = read_netrc(path)
    assert found.machines == {}
    assert found.note is not None
    assert "geheim" not in found.note


def test_the_keyring_is_asked_once_and_only_for_an_index() -> None:
    keyring = FakeKeyring(a_invalid=Kept("somebody", "geheim"))
    book = LoginBook({"https://a.invalid/simple": None}, Netrc({}), keyring)
    assert book.for_url("https://a.invalid/simple/x/") is None
    assert keyring.asked == [], "not before the index refused"
    assert book.after_refusal("https://a.invalid/simple/x/", None) == login("somebody")
    assert book.for_url("https://a.invalid/simple/y/") == login("somebody")
    assert book.after_refusal("https://a.invalid/simple/y/", None) is None
    assert book.after_refusal("https://other.invalid/", None) is None
    assert [service for service, _ in keyring.asked] == ["https://a.invalid", "a.invalid"]


def test_a_user_without_password_is_looked_up() -> None:
    keyring = FakeKeyring(a_invalid=Kept("somebody", "geheim"))
    book = LoginBook({"https://a.invalid/simple": login("somebody", "")}, Netrc({}), keyring)
    used = book.for_url("https://a.invalid/simple/")
    assert book.after_refusal("https://a.invalid/simple/", used) == login("somebody")
    assert keyring.asked[0][1] == "somebody"
    wrong = LoginBook({"https://a.invalid/simple": login("somebody", "wrong")}, Netrc({}), keyring)
    assert (
        wrong.after_refusal("https://a.invalid/simple/", wrong.for_url("https://a.invalid/simple/")) is None
    )


def test_a_keyring_that_knows_nothing() -> None:
    book = LoginBook({"https://a.invalid/simple": None}, Netrc({}), FakeKeyring())
    assert book.after_refusal("https://a.invalid/", None) is None
    assert book.for_url("https://a.invalid/") is None


def test_origins() -> None:
    assert origin_of("HTTPS://Host.invalid/x") == origin_of("https://host.invalid:443")
    assert origin_of("http://host.invalid") != origin_of("https://host.invalid")


def test_the_keyring_library_is_optional() -> None:
    """Where it is installed it is used, where it isn't one sentence says so."""
    try:
        import keyring
    except ImportError:
        with pytest.raises(UsageError, match="keyring library isn't installed"):
            system_keyring()
    else:
        assert system_keyring() is keyring
