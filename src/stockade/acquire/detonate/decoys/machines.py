"""What the metadata services of clouds hand out to whoever asks them: the credentials of the machine."""

from __future__ import annotations

import json
from dataclasses import dataclass

from stockade.acquire.detonate.decoys.laid import Laying
from stockade.acquire.detonate.decoys.maker import ALNUM, BASE32, BASE64, DIGITS, HEX

#: AWS, Azure, Google and others; Alibaba; AWS' containers; Tencent.
METADATA, ALIBABA, CONTAINERS, TENCENT = "169.254.169.254", "100.100.100.200", "169.254.170.2", "169.254.0.23"
#: Names that lead to them.
NAMES = {
    "metadata.google.internal": METADATA,
    "metadata": METADATA,
    "instance-data.ec2.internal": METADATA,
    "metadata.tencentyun.com": TENCENT,
}
ROLE = "web-prod"
_UNTIL = "2038-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """Bodies: `session` is the token that AWS wants to be asked with; the others are whole answers."""

    session: str
    aws: str
    container: str
    google: str
    azure: str
    alibaba: str
    tencent: str
    identity: str
    google_id: str
    number: str


def machines(laying: Laying) -> Machines:
    """Credentials of machines; each goes to its cloud's own hosts, or to nobody."""
    make = laying.make
    number = make.text(17, HEX)
    identity = {
        "accountId": make.text(12, DIGITS),
        "architecture": "x86_64",
        "instanceId": f"i-{number}",
        "instanceType": "m6i.large",
        "region": "eu-central-1",
    }
    access = f"ya29.c.{make.text(180, ALNUM + '-_')}"
    laying.decoy(access[7:], METADATA, "Google token of the machine", ".googleapis.com")
    token, signature = make.jwt({"aud": "https://management.azure.com/", "oid": make.uuid()})
    laying.decoy(
        signature, METADATA, "Azure token of the machine", ".azure.com", ".azure.net", ".windows.net"
    )
    told, proof = make.jwt({"iss": "https://accounts.google.com", "sub": make.text(21, DIGITS)})
    laying.decoy(proof, METADATA, "Google identity of the machine", ".googleapis.com", ".run.app")
    return Machines(
        session=make.text(54, ALNUM + "-_") + "==",
        aws=_keys(laying, METADATA, "AWS"),
        container=_keys(laying, CONTAINERS, "AWS"),
        google=json.dumps({"access_token": access, "expires_in": 3599, "token_type": "Bearer"}),
        azure=json.dumps(
            {
                "access_token": token,
                "expires_in": "86399",
                "resource": "https://management.azure.com/",
                "token_type": "Bearer",
            }
        ),
        alibaba=_alibaba(laying),
        tencent=_tencent(laying),
        identity=json.dumps(identity),
        google_id=told,
        number=number,
    )


def _keys(laying: Laying, where: str, cloud: str) -> str:
    make = laying.make
    secret = make.text(40, BASE64)
    laying.decoy(secret, where, f"{cloud} secret key of the machine")
    held = {
        "Code": "Success",
        "LastUpdated": "2024-01-01T00:00:00Z",
        "Type": "AWS-HMAC",
        "AccessKeyId": f"ASIA{make.text(16, BASE32)}",
        "SecretAccessKey": secret,
        "Token": make.text(320, BASE64),
        "Expiration": _UNTIL,
    }
    return json.dumps(held, indent=2)


def _alibaba(laying: Laying) -> str:
    make = laying.make
    secret = make.text(44)
    laying.decoy(secret, ALIBABA, "Alibaba secret key of the machine")
    held = {
        "AccessKeyId": f"STS.{make.text(26)}",
        "AccessKeySecret": secret,
        "SecurityToken": make.text(300, BASE64),
        "Expiration": _UNTIL,
        "Code": "Success",
    }
    return json.dumps(held)


def _tencent(laying: Laying) -> str:
    make = laying.make
    secret = make.text(44, BASE64)
    laying.decoy(secret, TENCENT, "Tencent secret key of the machine")
    held = {
        "TmpSecretId": f"AKID{make.text(60)}",
        "TmpSecretKey": secret,
        "Token": make.text(200),
        "ExpiredTime": 2_145_916_800,
        "Expiration": _UNTIL,
        "Code": "Success",
    }
    return json.dumps(held)
