"""Secrets in a shell's history."""

from __future__ import annotations

import pytest

from stockade.acquire.credentials.loose import typed

S = "s3cr3t-value-1"


@pytest.mark.parametrize(
    ("line", "provider"),
    [
        (f"export HF_TOKEN={S}", "Hugging Face"),
        (f"HF_TOKEN='{S}' python x.py", "Hugging Face"),
        (f'cd x; VAULT_TOKEN="{S}" vault status', "Vault/OpenBao"),
        (f"git clone https://me:{S}@x.invalid/y.git", "x.invalid"),
        (f"curl -H 'X-Api-Key: {S}' https://x.invalid", "unknown"),
        (f'curl -H "Authorization: Bearer {S}" https://x.invalid', "unknown"),
        (f"tool login --token {S}", "unknown"),
        (f"tool login --password={S}", "unknown"),
        (f"mysql -h x.invalid -u app -p{S} app", "unknown"),
        (f"curl -s -u me:{S} https://x.invalid", "unknown"),
    ],
)
def test_what_was_typed(line: str, provider: str) -> None:
    (one,) = typed(f"ls\n{line}\nls\n".encode())
    assert one.provider == provider
    assert one.secret is not None and one.secret.within(S) and len(one.secret) == len(S)


@pytest.mark.parametrize(
    "line",
    [
        "export PATH=/usr/bin:$PATH",
        "export HF_TOKEN=$(cat ~/token)",
        "FOO=1 BAR=two make",
        "curl -H 'Authorization: Bearer $TOKEN' https://x.invalid",
        "curl -H 'Accept: application/json' https://x.invalid",
        "mysql -h x.invalid -u app -p app",
        "git clone git@x.invalid:y.git",
        "ssh me@x.invalid",
        "docker run -p 8080:80 x",
        "tool --token",
        "pip install --password",
    ],
)
def test_what_holds_none(line: str) -> None:
    assert list(typed(f"{line}\n".encode())) == []
