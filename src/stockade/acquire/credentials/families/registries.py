"""Container registries: what docker, podman and helm log in with."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping

from stockade.acquire.credentials.formats import json_document, value_at
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.spots import File, Spot
from stockade.model.credential import Kind


def logins(file: File) -> Iterator[Found]:
    """``auths``: a user and a password by host, in base64; where a helper keeps them they are not here."""
    data = json_document(file.data)
    listed = data.get("auths") if isinstance(data, Mapping) else None
    for host, one in listed.items() if isinstance(listed, Mapping) else ():
        try:
            user, _, password = base64.b64decode(value_at(one, "auth")).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            user, password = "", value_at(one, "auth")
        password = password or value_at(one, "password") or value_at(one, "identitytoken")
        if password:
            yield Found(
                provider="container registry",
                kind=Kind.PASSWORD,
                secret=Secret(password),
                principal=user or value_at(one, "username"),
                item=str(host),
            )


SPOTS = (
    Spot(
        patterns=(".docker/config.json", ".config/containers/auth.json", ".config/helm/registry/config.json"),
        variables=("REGISTRY_AUTH_FILE",),
        read=logins,
    ),
)
