"""Databases, warehouses, object stores and trackers of experiments."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.acquire.credentials.formats import ini, json_document, lines, toml, yaml
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.spots import File, Rule, Spot, keyed, placeholder
from stockade.model.credential import Kind, Life, Rotation

_KEY, _PASSWORD = Kind.ACCESS_KEY, Kind.PASSWORD


def pgpass(file: File) -> Iterator[Found]:
    """``host:port:database:user:password`` a line, with colons escaped by a backslash."""
    found = lines(file.data)
    for line in found if isinstance(found, list) else ():
        parts = [one.replace("\0", ":") for one in line.replace("\\:", "\0").split(":")]
        if len(parts) == 5 and not placeholder(parts[4]):
            yield Found(
                provider="PostgreSQL",
                kind=_PASSWORD,
                secret=Secret(parts[4]),
                principal=parts[3],
                item=f"{parts[0]}:{parts[1]}/{parts[2]}",
            )


SPOTS = (
    Spot(
        patterns=(".dbt/profiles.yml",),
        read=keyed(
            "dbt",
            yaml,
            Rule(path="*.outputs.*.password", kind=_PASSWORD, principal="user"),
            Rule(path="*.outputs.*.token", principal="user"),
            Rule(
                path="*.outputs.*.keyfile_json.private_key", kind=Kind.SERVICE_KEY, principal="client_email"
            ),
        ),
    ),
    Spot(
        patterns=(
            ".snowflake/connections.toml",
            ".snowflake/config.toml",
            ".config/snowflake/connections.toml",
        ),
        read=keyed(
            "Snowflake",
            toml,
            Rule(path="*.password", kind=_PASSWORD, principal="user"),
            Rule(path="connections.*.password", kind=_PASSWORD, principal="user"),
            Rule(path="*.token", principal="user"),
            Rule(path="connections.*.token", principal="user"),
        ),
    ),
    Spot(
        patterns=(".snowsql/config",),
        read=keyed(
            "Snowflake", ini, Rule(path="connections*.password", kind=_PASSWORD, principal="username")
        ),
    ),
    Spot(
        patterns=(".databrickscfg",),
        variables=("DATABRICKS_CONFIG_FILE",),
        read=keyed(
            "Databricks",
            ini,
            Rule(path="*.token", principal="host", item="0"),
            Rule(path="*.password", kind=_PASSWORD, principal="username", item="0"),
            Rule(path="*.client_secret", kind=Kind.CLIENT_SECRET, principal="client_id", item="0"),
        ),
    ),
    Spot(
        patterns=(".databricks/token-cache.json",),
        read=keyed(
            "Databricks",
            json_document,
            Rule(path="tokens.*.access_token", life=Life.SHORT, rotation=Rotation.EXPIRES, expires="expiry"),
            Rule(path="tokens.*.refresh_token", kind=Kind.REFRESH_TOKEN, life=Life.REFRESHING),
        ),
    ),
    Spot(
        patterns=(".kaggle/kaggle.json",),
        read=keyed("Kaggle", json_document, Rule(path="key", principal="username")),
    ),
    Spot(patterns=(".comet.config",), read=keyed("Comet", ini, Rule(path="comet.api_key"))),
    Spot(patterns=(".pgpass",), variables=("PGPASSFILE",), read=pgpass),
    Spot(
        patterns=(".my.cnf",),
        read=keyed("MySQL", ini, Rule(path="*.password", kind=_PASSWORD, principal="user", item="0")),
    ),
    Spot(patterns=(".mylogin.cnf",), exists=Found(provider="MySQL", kind=Kind.STORE)),
    Spot(
        patterns=(".s3cfg",),
        read=keyed(
            "AWS",
            ini,
            Rule(path="*.secret_key", kind=_KEY, rotation=Rotation.API, principal="access_key", item="0"),
        ),
    ),
    Spot(
        patterns=(".boto",),
        read=keyed(
            "AWS",
            ini,
            Rule(
                path="Credentials.aws_secret_access_key",
                kind=_KEY,
                rotation=Rotation.API,
                principal="aws_access_key_id",
            ),
            Rule(
                path="Credentials.gs_oauth2_refresh_token",
                kind=Kind.REFRESH_TOKEN,
                life=Life.REFRESHING,
                provider="Google Cloud",
            ),
            Rule(
                path="Credentials.gs_secret_access_key",
                kind=_KEY,
                provider="Google Cloud",
                principal="gs_access_key_id",
            ),
        ),
    ),
    Spot(
        patterns=(".config/rclone/rclone.conf",),
        variables=("RCLONE_CONFIG",),
        read=keyed(
            "object stores",
            ini,
            Rule(path="*.secret_access_key", kind=_KEY, principal="access_key_id", item="0"),
            Rule(path="*.pass", kind=_PASSWORD, principal="user", item="0"),
            Rule(path="*.token", kind=Kind.REFRESH_TOKEN, life=Life.REFRESHING, item="0"),
        ),
    ),
    Spot(
        patterns=(".mc/config.json",),
        read=keyed(
            "object stores",
            json_document,
            Rule(path="*.*.secretKey", kind=_KEY, principal="accessKey", item="1"),
        ),
    ),
)
