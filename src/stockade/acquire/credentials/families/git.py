"""Hosts of git repositories: what git itself, and their command lines, log in with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stockade.acquire.credentials.formats import ini, json_document, lines, login, value_at, yaml
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.spots import File, Rule, Spot, keyed, placeholder
from stockade.model.credential import Kind, Rotation


def provider_of(host: str) -> str:
    """Who runs a host of repositories, as far as its name tells."""
    for word, name in (("github", "GitHub"), ("gitlab", "GitLab"), ("bitbucket", "Bitbucket")):
        if word in host.lower():
            return name
    return "git host"


def _rotation(provider: str) -> Rotation:
    return {"GitHub": Rotation.REVOKE, "GitLab": Rotation.API}.get(provider, Rotation.HAND)


def helper(file: File) -> Iterator[Found]:
    """git-credential-store: an address with user and password a line."""
    found = lines(file.data)
    for url in found if isinstance(found, list) else ():
        known = login(url)
        if known is not None:
            user, password, host = known
            provider = provider_of(host)
            yield Found(
                provider=provider,
                kind=Kind.TOKEN,
                secret=Secret(password),
                principal=user,
                item=host,
                rotation=_rotation(provider),
            )


def settings(file: File) -> Iterator[Found]:
    """~/.gitconfig: addresses that others are replaced by, and headers that are sent along."""
    data = ini(b"\n".join(line.strip() for line in file.data.splitlines()))
    for section, options in data.items() if isinstance(data, Mapping) else ():
        kind, _, quoted = section.partition(" ")
        known = login(quoted.strip('"')) if kind == "url" else None
        if known is not None:
            provider = provider_of(known[2])
            yield Found(
                provider=provider,
                kind=Kind.TOKEN,
                secret=Secret(known[1]),
                principal=known[0],
                item=f"url {known[2]}",
                rotation=_rotation(provider),
            )
        header = value_at(options, "extraheader") or value_at(options, "extraHeader")
        if kind == "http" and "authorization" in header.lower():
            provider = provider_of(quoted)
            yield Found(
                provider=provider,
                kind=Kind.TOKEN,
                secret=Secret(header.split()[-1]),
                item=section,
                rotation=_rotation(provider),
            )


def netrc(file: File) -> Iterator[Found]:
    """~/.netrc: machines with login and password, over as many lines as anybody likes."""
    words = iter(file.data.decode("utf-8", "surrogateescape").split())
    host = user = ""
    for word in words:
        if word in {"machine", "default"}:
            host, user = (next(words, "") if word == "machine" else "default"), ""
        elif word in {"login", "account"}:
            user = next(words, "")
        elif word == "password":
            password = next(words, "")
            if not placeholder(password):
                provider = provider_of(host)
                provider = host if provider == "git host" else provider
                yield Found(
                    provider=provider or "netrc",
                    kind=Kind.PASSWORD,
                    secret=Secret(password),
                    principal=user,
                    item=host,
                    rotation=_rotation(provider),
                )


SPOTS = (
    Spot(patterns=(".netrc", "_netrc"), variables=("NETRC",), read=netrc),
    Spot(patterns=(".git-credentials", ".config/git/credentials"), read=helper),
    Spot(patterns=(".gitconfig", ".config/git/config"), variables=("GIT_CONFIG_GLOBAL",), read=settings),
    Spot(
        patterns=(".config/gh/hosts.yml",),
        read=keyed(
            "GitHub",
            yaml,
            Rule(path="*.oauth_token", rotation=Rotation.REVOKE, principal="user", item="0"),
            Rule(path="*.users.*.oauth_token", rotation=Rotation.REVOKE, principal="-1", item="0"),
        ),
    ),
    Spot(
        patterns=(".config/glab-cli/config.yml",),
        read=keyed(
            "GitLab", yaml, Rule(path="hosts.*.token", rotation=Rotation.API, principal="user", item="1")
        ),
    ),
    Spot(
        patterns=(".config/hub",),
        read=keyed(
            "GitHub", yaml, Rule(path="*.*.oauth_token", rotation=Rotation.REVOKE, principal="user", item="0")
        ),
    ),
    Spot(
        patterns=(".config/github-copilot/apps.json", ".config/github-copilot/hosts.json"),
        read=keyed(
            "GitHub",
            json_document,
            Rule(path="*.oauth_token", rotation=Rotation.REVOKE, principal="user", item="0"),
        ),
    ),
)
