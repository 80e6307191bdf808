"""Tokens that are known by their own shape, wherever they stand: in a shell's history, an .env file, a notebook.

Providers publish these shapes so that scanners find what leaked. Fewer and surer: a shape that honest text could have
is not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.model.credential import Kind, Life, Rotation


@dataclass(frozen=True, slots=True)
class Shape:
    """What a token of `provider` looks like; `hint` stands in every one of them, and is looked for first."""

    provider: str
    hint: bytes
    pattern: re.Pattern[bytes]
    kind: Kind = Kind.TOKEN
    rotation: Rotation = Rotation.HAND
    life: Life = Life.LONG


def _shape(
    provider: str,
    hint: str,
    rest: str,
    *,
    kind: Kind = Kind.TOKEN,
    rotation: Rotation = Rotation.HAND,
    life: Life = Life.LONG,
) -> Shape:
    pattern = re.compile(rb"(?<![A-Za-z0-9_-])" + (re.escape(hint) + rest).encode() + rb"(?![A-Za-z0-9_-])")
    return Shape(provider, hint.encode(), pattern, kind, rotation, life)


SHAPES = (
    *(
        _shape("GitHub", hint, "[A-Za-z0-9]{36,251}", rotation=Rotation.REVOKE)
        for hint in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")
    ),
    _shape("GitHub", "github_pat_", "[A-Za-z0-9]{22}_[A-Za-z0-9]{59}", rotation=Rotation.REVOKE),
    _shape("GitLab", "glpat-", "[A-Za-z0-9_.-]{20,300}", rotation=Rotation.API),
    _shape("npm", "npm_", "[A-Za-z0-9]{36}", rotation=Rotation.REVOKE),
    _shape("Python index", "pypi-AgE", "[A-Za-z0-9_-]{50,1000}"),
    _shape("Hugging Face", "hf_", "[A-Za-z]{34}"),
    _shape("Anthropic", "sk-ant-", "[A-Za-z0-9_-]{80,200}"),
    _shape("OpenAI", "sk-proj-", "[A-Za-z0-9_-]{40,300}"),
    _shape("Google", "AIza", "[A-Za-z0-9_-]{35}"),
    _shape("Slack", "xoxb-", "[0-9]{8,}-[0-9]{8,}-[A-Za-z0-9]{20,}"),
    _shape("Slack", "xoxp-", "[0-9]{8,}-[0-9]{8,}-[A-Za-z0-9-]{20,}"),
    _shape("Stripe", "sk_live_", "[A-Za-z0-9]{24,250}"),
    _shape("DigitalOcean", "dop_v1_", "[0-9a-f]{64}", rotation=Rotation.REVOKE),
    _shape("Vault/OpenBao", "hvs.", "[A-Za-z0-9_-]{20,300}", rotation=Rotation.API, life=Life.UNKNOWN),
    _shape("Databricks", "dapi", "[0-9a-f]{32}(?:-[0-9])?"),
)
#: An access key's number says whose it is; the secret beside it has no shape of its own.
_AWS = re.compile(rb"(?<![A-Za-z0-9])((?:AKIA|ASIA)[A-Z2-7]{16})(?![A-Za-z0-9])")
_AWS_SECRET = re.compile(
    rb"(?i:secret[_ -]?(?:access[_ -]?)?key)[\"' ]{0,3}[=:,]?[\"' ]{0,3}([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"
)


def found_in(data: bytes, item: str = "") -> Iterator[Found]:
    """Every token in `data` that is known by its shape."""
    for shape in SHAPES:
        if shape.hint in data:
            for match in shape.pattern.finditer(data):
                yield Found(
                    provider=shape.provider,
                    kind=shape.kind,
                    secret=Secret(match[0]),
                    item=item,
                    rotation=shape.rotation,
                    life=shape.life,
                )
    numbers = (
        [match[1].decode() for match in _AWS.finditer(data)] if b"AKIA" in data or b"ASIA" in data else []
    )
    for secret in _AWS_SECRET.finditer(data) if numbers else ():
        yield Found(
            provider="AWS",
            kind=Kind.ACCESS_KEY,
            secret=Secret(secret[1]),
            principal=numbers[0] if len(set(numbers)) == 1 else "",
            item=item,
            life=Life.SHORT if numbers[0].startswith("ASIA") else Life.LONG,
            rotation=Rotation.API,
        )
