"""Tencent Cloud: SecretId and SecretKey of its command line."""

from __future__ import annotations

from stockade.acquire.credentials.formats import ini, json_document
from stockade.acquire.credentials.spots import Rule, Spot, keyed
from stockade.model.credential import Kind, Rotation

TENCENT = "Tencent Cloud"

SPOTS = (
    Spot(
        patterns=(".tccli/*.credential",),
        read=keyed(
            TENCENT,
            json_document,
            Rule(path="secretKey", kind=Kind.ACCESS_KEY, rotation=Rotation.API, principal="secretId"),
        ),
    ),
    Spot(
        patterns=(".tencentcloud/credentials",),
        read=keyed(
            TENCENT,
            ini,
            Rule(path="*.secret_key", kind=Kind.ACCESS_KEY, rotation=Rotation.API, principal="secret_id"),
        ),
    ),
)
