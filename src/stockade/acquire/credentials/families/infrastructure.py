"""What builds infrastructure, and what keeps secrets for it: Terraform, Vault, OpenBao."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.acquire.credentials.formats import json_document, text_of, whole
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.spots import File, Rule, Spot, keyed, placeholder
from stockade.model.credential import Kind, Life, Rotation

_BLOCK = re.compile(r'credentials\s+"([^"]{1,255})"\s*\{[^}]{0,4096}?token\s*=\s*"([^"]+)"')


def terraformrc(file: File) -> Iterator[Found]:
    """``credentials "HOST" { token = "…" }``."""
    for host, token in _BLOCK.findall(text_of(file.data)):
        if not placeholder(token):
            yield Found(provider="Terraform", kind=Kind.TOKEN, secret=Secret(token), item=host)


def vault(file: File) -> Iterator[Found]:
    """The token of the last login, whose life only the server knows."""
    token = whole(file.data)
    if isinstance(token, str) and not placeholder(token):
        yield Found(
            provider="Vault/OpenBao",
            kind=Kind.TOKEN,
            secret=Secret(token),
            life=Life.UNKNOWN,
            rotation=Rotation.API,
        )


SPOTS = (
    Spot(
        patterns=(".terraform.d/credentials.tfrc.json",),
        read=keyed("Terraform", json_document, Rule(path="credentials.*.token", item="1")),
    ),
    Spot(patterns=(".terraformrc",), variables=("TF_CLI_CONFIG_FILE",), read=terraformrc),
    Spot(patterns=(".vault-token",), read=vault),
)
