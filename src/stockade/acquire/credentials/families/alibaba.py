"""Alibaba Cloud: AccessKeys and temporary tokens of its command line and SDKs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stockade.acquire.credentials.formats import ini, json_document, value_at
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.spots import File, Spot, placeholder
from stockade.model.credential import Kind, Life, Rotation

ALIBABA = "Alibaba Cloud"


def command_line(file: File) -> Iterator[Found]:
    """~/.aliyun/config.json: a list of profiles, of which some hold nothing but a role's name."""
    data = json_document(file.data)
    listed = data.get("profiles") if isinstance(data, Mapping) else None
    for one in listed if isinstance(listed, list) else ():
        session = value_at(one, "sts_token")
        yield from _key(
            value_at(one, "access_key_id"), value_at(one, "access_key_secret"), value_at(one, "name"), session
        )


def sdk(file: File) -> Iterator[Found]:
    """The SDKs' INI file."""
    data = ini(file.data)
    for name in data if isinstance(data, Mapping) else ():
        yield from _key(
            value_at(data, name, "access_key_id"),
            value_at(data, name, "access_key_secret"),
            name,
            value_at(data, name, "security_token"),
        )


def _key(number: str, secret: str, profile: str, session: str) -> Iterator[Found]:
    if not placeholder(secret):
        yield Found(
            provider=ALIBABA,
            kind=Kind.ACCESS_KEY,
            secret=Secret(secret),
            principal=number,
            item=f"profile {profile}",
            life=Life.SHORT if session else Life.LONG,
            rotation=Rotation.EXPIRES if session else Rotation.API,
        )


SPOTS = (
    Spot(patterns=(".aliyun/config.json",), read=command_line),
    Spot(
        patterns=(".alibabacloud/credentials", ".alibabacloud/credentials.ini"),
        variables=("ALIBABA_CLOUD_CREDENTIALS_FILE",),
        read=sdk,
    ),
)
