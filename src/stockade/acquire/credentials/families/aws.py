"""Amazon Web Services: access keys, and what its command line keeps of sign-ins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stockade.acquire.credentials.formats import ini, json_document, value_at
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.spots import File, Rule, Spot, keyed, placeholder
from stockade.model.credential import Kind, Life, Rotation

AWS = "AWS"


def profiles(file: File) -> Iterator[Found]:
    """Access keys by profile (~/.aws/credentials, and the config file, which may hold them too)."""
    data = ini(file.data)
    for name in data if isinstance(data, Mapping) else ():
        secret = value_at(data, name, "aws_secret_access_key")
        session = value_at(data, name, "aws_session_token")
        if placeholder(secret):
            continue
        yield Found(
            provider=AWS,
            kind=Kind.ACCESS_KEY,
            secret=Secret(secret),
            principal=value_at(data, name, "aws_access_key_id"),
            item=f"profile {name.removeprefix('profile ')}",
            life=Life.SHORT if session else Life.LONG,
            rotation=Rotation.EXPIRES if session else Rotation.API,
        )


SPOTS = (
    Spot(patterns=(".aws/credentials",), variables=("AWS_SHARED_CREDENTIALS_FILE",), read=profiles),
    Spot(patterns=(".aws/config",), variables=("AWS_CONFIG_FILE",), read=profiles),
    Spot(
        patterns=(".aws/sso/cache/*.json", ".aws/login/cache/*.json"),
        read=keyed(
            AWS,
            json_document,
            Rule(
                path="accessToken",
                life=Life.SHORT,
                rotation=Rotation.EXPIRES,
                expires="expiresAt",
                principal="startUrl",
            ),
            Rule(
                path="refreshToken",
                kind=Kind.REFRESH_TOKEN,
                life=Life.REFRESHING,
                rotation=Rotation.REVOKE,
                principal="startUrl",
            ),
            Rule(
                path="clientSecret",
                kind=Kind.CLIENT_SECRET,
                rotation=Rotation.EXPIRES,
                expires="registrationExpiresAt",
            ),
        ),
    ),
    Spot(
        patterns=(".aws/cli/cache/*.json", ".aws/boto/cache/*.json"),
        read=keyed(
            AWS,
            json_document,
            Rule(
                path="Credentials.SecretAccessKey",
                kind=Kind.ACCESS_KEY,
                life=Life.SHORT,
                rotation=Rotation.EXPIRES,
                expires="Expiration",
                principal="AccessKeyId",
            ),
        ),
    ),
)
