"""Hosting providers and platforms, by their command lines."""

from __future__ import annotations

from stockade.acquire.credentials.formats import ini, json_document, toml, yaml
from stockade.acquire.credentials.spots import Rule, Spot, keyed
from stockade.model.credential import Kind, Life, Rotation

_REVOKED = Rotation.REVOKE

SPOTS = (
    Spot(
        patterns=(".config/hcloud/cli.toml", ".hcloud/cli.toml"),
        read=keyed("Hetzner", toml, Rule(path="contexts.*.token", item="name", principal="name")),
    ),
    Spot(
        patterns=(".config/doctl/config.yaml",),
        read=keyed(
            "DigitalOcean",
            yaml,
            Rule(path="access-token", rotation=_REVOKED),
            Rule(path="auth-contexts.*", rotation=_REVOKED),
        ),
    ),
    Spot(
        patterns=(".bluemix/config.json",),
        read=keyed(
            "IBM Cloud",
            json_document,
            Rule(path="IAMToken", life=Life.SHORT, rotation=Rotation.EXPIRES),
            Rule(path="IAMRefreshToken", kind=Kind.REFRESH_TOKEN, life=Life.REFRESHING),
        ),
    ),
    Spot(
        patterns=(".fly/config.yml",),
        read=keyed("Fly.io", yaml, Rule(path="access_token", rotation=_REVOKED)),
    ),
    Spot(
        patterns=(
            ".config/vercel/auth.json",
            ".config/com.vercel.cli/auth.json",
            ".local/share/com.vercel.cli/auth.json",
        ),
        read=keyed("Vercel", json_document, Rule(path="token", rotation=_REVOKED)),
    ),
    Spot(
        patterns=(".netlify/config.json", ".config/netlify/config.json"),
        read=keyed(
            "Netlify", json_document, Rule(path="users.*.auth.token", rotation=_REVOKED, principal="-2")
        ),
    ),
    Spot(
        patterns=(".wrangler/config/default.toml", ".config/.wrangler/config/default.toml"),
        read=keyed(
            "Cloudflare",
            toml,
            Rule(path="oauth_token", life=Life.SHORT, rotation=Rotation.EXPIRES, expires="expiration_time"),
            Rule(path="refresh_token", kind=Kind.REFRESH_TOKEN, life=Life.REFRESHING, rotation=_REVOKED),
            Rule(path="api_token", rotation=_REVOKED),
        ),
    ),
    Spot(
        patterns=(".config/heroku/config.json",),
        read=keyed("Heroku", json_document, Rule(path="token", rotation=_REVOKED)),
    ),
    Spot(
        patterns=(".oci/config",),
        variables=("OCI_CONFIG_FILE",),
        # The key itself lies in key_file, and is found among the private keys.
        read=keyed("Oracle Cloud", ini, Rule(path="*.pass_phrase", kind=Kind.PASSWORD, principal="user")),
    ),
)
