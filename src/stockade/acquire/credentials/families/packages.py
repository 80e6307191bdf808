"""Package indexes: what publishes to them, and what reads private ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from stockade.acquire.credentials.formats import (
    Data,
    at,
    ini,
    json_document,
    login,
    sectionless,
    toml,
    xml,
    yaml,
)
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.spots import File, Read, Rule, Spot, keyed, placeholder
from stockade.model.credential import Kind, Rotation

PYPI = "Python index"
NPM = "npm"


def addresses(provider: str, reader: Callable[[bytes], Data], *paths: str) -> Read:
    """Logins in the addresses at `paths`, of which one text may hold several."""

    def read(file: File) -> Iterator[Found]:
        data = reader(file.data)
        for path in paths:
            for way, value in at(data, path):
                for url in value.split():
                    yield from _login(provider, url, ".".join(way))

    return read


def _login(provider: str, url: str, item: str) -> Iterator[Found]:
    known = login(url)
    if known is not None and not placeholder(known[1]):
        yield Found(
            provider=provider,
            kind=Kind.PASSWORD,
            secret=Secret(known[1]),
            principal=known[0],
            item=f"{item} {known[2]}".strip(),
        )


def npmrc(file: File) -> Iterator[Found]:
    """``//HOST/:_authToken=…``, ``_auth``, ``_password``."""
    data = sectionless(file.data)
    for name, value in data.items() if isinstance(data, Mapping) else ():
        host, _, key = name.rpartition(":")
        if key in {"_authToken", "_auth", "_password"} and not placeholder(value):
            yield Found(
                provider=NPM,
                kind=Kind.TOKEN if key == "_authToken" else Kind.PASSWORD,
                secret=Secret(value),
                item=host.strip("/") or key,
                rotation=Rotation.REVOKE,
            )


def bundler(file: File) -> Iterator[Found]:
    """``BUNDLE_GEMS__HOST__EXAMPLE: USER:PASSWORD``: a host has two underscores where it had a dot."""
    data = yaml(file.data)
    for name, value in data.items() if isinstance(data, Mapping) else ():
        host = str(name).removeprefix("BUNDLE_")
        if "__" in host and isinstance(value, str) and not placeholder(value):
            user, _, password = value.partition(":")
            yield Found(
                provider="RubyGems",
                kind=Kind.PASSWORD,
                secret=Secret(password or user),
                principal=user if password else "",
                item=host.replace("__", ".").lower(),
            )


_WORDS = ("*password", "*token", "*secret")

SPOTS = (
    Spot(patterns=(".npmrc",), variables=("NPM_CONFIG_USERCONFIG",), read=npmrc),
    Spot(patterns=(".config/pnpm/rc",), read=npmrc),
    Spot(
        patterns=(".yarnrc.yml",),
        read=keyed(
            NPM,
            yaml,
            Rule(path="npmAuthToken", rotation=Rotation.REVOKE),
            Rule(path="npmRegistries.*.npmAuthToken", rotation=Rotation.REVOKE),
            Rule(path="npmScopes.*.npmAuthToken", rotation=Rotation.REVOKE),
        ),
    ),
    Spot(
        patterns=(".bunfig.toml",),
        read=keyed(
            NPM,
            toml,
            Rule(path="install.registry.token", rotation=Rotation.REVOKE),
            Rule(path="install.scopes.*.token", rotation=Rotation.REVOKE),
        ),
    ),
    Spot(
        patterns=(".pypirc",),
        read=keyed(PYPI, ini, Rule(path="*.password", item="0", principal="username")),
    ),
    Spot(
        patterns=(".config/pip/pip.conf", ".pip/pip.conf"),
        variables=("PIP_CONFIG_FILE",),
        read=addresses(PYPI, ini, "*.index-url", "*.extra-index-url", "*.find-links", "*.proxy"),
    ),
    Spot(
        patterns=(".config/uv/uv.toml",),
        variables=("UV_CONFIG_FILE",),
        read=addresses(
            PYPI,
            toml,
            "index.*.url",
            "index-url",
            "extra-index-url.*",
            "pip.index-url",
            "pip.extra-index-url.*",
        ),
    ),
    Spot(
        patterns=(".config/pypoetry/auth.toml",),
        read=keyed(
            PYPI,
            toml,
            Rule(path="http-basic.*.password", kind=Kind.PASSWORD, item="-1", principal="username"),
            Rule(path="pypi-token.*", item="1"),
        ),
    ),
    Spot(
        patterns=(".config/pdm/config.toml",),
        read=keyed(PYPI, toml, Rule(path="*.*.password", kind=Kind.PASSWORD, principal="username")),
    ),
    Spot(
        patterns=(".cargo/credentials.toml", ".cargo/credentials"),
        read=keyed(
            "Cargo",
            toml,
            Rule(path="registry.token", rotation=Rotation.REVOKE),
            Rule(path="registries.*.token", rotation=Rotation.REVOKE),
        ),
    ),
    Spot(
        patterns=(".gem/credentials", ".local/share/gem/credentials"),
        read=keyed("RubyGems", yaml, Rule(path="*")),
    ),
    Spot(patterns=(".bundle/config",), read=bundler),
    Spot(
        patterns=(".nuget/NuGet/NuGet.Config", ".config/NuGet/NuGet.Config"),
        read=keyed(
            "NuGet",
            xml,
            Rule(
                path="configuration.*.packageSourceCredentials.*.*.*.add.*.@value",
                kind=Kind.PASSWORD,
                item="4",
                only=("@key", "ClearTextPassword", "Password"),
            ),
            Rule(path="configuration.*.apikeys.*.add.*.@value"),
        ),
    ),
    Spot(
        patterns=(".m2/settings.xml", ".m2/settings-security.xml"),
        read=keyed(
            "Maven",
            xml,
            Rule(path="settings.*.servers.*.server.*.password.*.#", kind=Kind.PASSWORD),
            Rule(path="settings.*.servers.*.server.*.passphrase.*.#", kind=Kind.PASSWORD),
            Rule(path="settingsSecurity.*.master.*.#", kind=Kind.PASSWORD),
        ),
    ),
    Spot(
        patterns=(".gradle/gradle.properties",),
        read=keyed("Gradle", sectionless, *(Rule(path=one, kind=Kind.PASSWORD) for one in _WORDS)),
    ),
    Spot(
        patterns=(".composer/auth.json", ".config/composer/auth.json"),
        read=keyed(
            "Composer",
            json_document,
            Rule(path="http-basic.*.password", kind=Kind.PASSWORD, item="1", principal="username"),
            Rule(path="github-oauth.*", item="1", provider="GitHub", rotation=Rotation.REVOKE),
            Rule(path="gitlab-token.*", item="1", provider="GitLab", rotation=Rotation.API),
            Rule(path="bearer.*", item="1"),
        ),
    ),
)
