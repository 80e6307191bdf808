"""Environment variables that hold credentials: by their names, else by their values' shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stockade.acquire.credentials.formats import claims, login, time_of
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.shapes import found_in
from stockade.acquire.credentials.spots import placeholder, text
from stockade.model.credential import Kind, Life, Rotation

_API, _REVOKE, _EXPIRES, _HAND = Rotation.API, Rotation.REVOKE, Rotation.EXPIRES, Rotation.HAND
_SHORT, _LONG = Life.SHORT, Life.LONG

#: Name -> provider, kind, life, rotation. A name that ends in ``*`` stands for all that begin so.
KNOWN: Mapping[str, tuple[str, Kind, Life, Rotation]] = {
    "AWS_SECRET_ACCESS_KEY": ("AWS", Kind.ACCESS_KEY, _LONG, _API),
    "AZURE_CLIENT_SECRET": ("Azure", Kind.CLIENT_SECRET, _LONG, _API),
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ("Alibaba Cloud", Kind.ACCESS_KEY, _LONG, _API),
    "ALICLOUD_SECRET_KEY": ("Alibaba Cloud", Kind.ACCESS_KEY, _LONG, _API),
    "TENCENTCLOUD_SECRET_KEY": ("Tencent Cloud", Kind.ACCESS_KEY, _LONG, _API),
    "HCLOUD_TOKEN": ("Hetzner", Kind.TOKEN, _LONG, _HAND),
    "DIGITALOCEAN_ACCESS_TOKEN": ("DigitalOcean", Kind.TOKEN, _LONG, _REVOKE),
    "CLOUDFLARE_API_TOKEN": ("Cloudflare", Kind.TOKEN, _LONG, _REVOKE),
    "HEROKU_API_KEY": ("Heroku", Kind.TOKEN, _LONG, _REVOKE),
    "FLY_API_TOKEN": ("Fly.io", Kind.TOKEN, _LONG, _REVOKE),
    "GH_TOKEN": ("GitHub", Kind.TOKEN, _LONG, _REVOKE),
    "GITHUB_TOKEN": ("GitHub", Kind.TOKEN, _LONG, _REVOKE),
    "GITLAB_TOKEN": ("GitLab", Kind.TOKEN, _LONG, _API),
    "NPM_TOKEN": ("npm", Kind.TOKEN, _LONG, _REVOKE),
    "NODE_AUTH_TOKEN": ("npm", Kind.TOKEN, _LONG, _REVOKE),
    "TWINE_PASSWORD": ("Python index", Kind.TOKEN, _LONG, _HAND),
    "UV_PUBLISH_TOKEN": ("Python index", Kind.TOKEN, _LONG, _HAND),
    "UV_PUBLISH_PASSWORD": ("Python index", Kind.PASSWORD, _LONG, _HAND),
    "POETRY_PYPI_TOKEN_*": ("Python index", Kind.TOKEN, _LONG, _HAND),
    "POETRY_HTTP_BASIC_*": ("Python index", Kind.PASSWORD, _LONG, _HAND),
    "CARGO_REGISTRY_TOKEN": ("Cargo", Kind.TOKEN, _LONG, _REVOKE),
    "GEM_HOST_API_KEY": ("RubyGems", Kind.TOKEN, _LONG, _REVOKE),
    "VAULT_TOKEN": ("Vault/OpenBao", Kind.TOKEN, Life.UNKNOWN, _API),
    "BAO_TOKEN": ("Vault/OpenBao", Kind.TOKEN, Life.UNKNOWN, _API),
    "BW_SESSION": ("Bitwarden", Kind.TOKEN, _SHORT, _EXPIRES),
    "OP_SERVICE_ACCOUNT_TOKEN": ("1Password", Kind.TOKEN, _LONG, _HAND),
    "HF_TOKEN": ("Hugging Face", Kind.TOKEN, _LONG, _HAND),
    "HUGGING_FACE_HUB_TOKEN": ("Hugging Face", Kind.TOKEN, _LONG, _HAND),
    "WANDB_API_KEY": ("Weights & Biases", Kind.TOKEN, _LONG, _HAND),
    "OPENAI_API_KEY": ("OpenAI", Kind.TOKEN, _LONG, _HAND),
    "ANTHROPIC_API_KEY": ("Anthropic", Kind.TOKEN, _LONG, _HAND),
    "GEMINI_API_KEY": ("Google", Kind.TOKEN, _LONG, _HAND),
    "GOOGLE_API_KEY": ("Google", Kind.TOKEN, _LONG, _HAND),
    "GROQ_API_KEY": ("Groq", Kind.TOKEN, _LONG, _HAND),
    "MISTRAL_API_KEY": ("Mistral", Kind.TOKEN, _LONG, _HAND),
    "DATABRICKS_TOKEN": ("Databricks", Kind.TOKEN, _LONG, _HAND),
    "SNOWFLAKE_PASSWORD": ("Snowflake", Kind.PASSWORD, _LONG, _HAND),
    "PGPASSWORD": ("PostgreSQL", Kind.PASSWORD, _LONG, _HAND),
    "MYSQL_PWD": ("MySQL", Kind.PASSWORD, _LONG, _HAND),
    "TF_TOKEN_*": ("Terraform", Kind.TOKEN, _LONG, _HAND),
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN": ("GitHub Actions", Kind.TOKEN, _SHORT, _EXPIRES),
    "ACTIONS_RUNTIME_TOKEN": ("GitHub Actions", Kind.TOKEN, _SHORT, _EXPIRES),
    "CI_JOB_TOKEN": ("GitLab CI", Kind.TOKEN, _SHORT, _EXPIRES),
    "CIRCLE_OIDC_TOKEN": ("CircleCI", Kind.TOKEN, _SHORT, _EXPIRES),
    "BUILDKITE_AGENT_ACCESS_TOKEN": ("Buildkite", Kind.TOKEN, _SHORT, _EXPIRES),
    "SYSTEM_ACCESSTOKEN": ("Azure Pipelines", Kind.TOKEN, _SHORT, _EXPIRES),
}
#: Whose it is, by another variable beside it.
_PRINCIPAL = {
    "AWS_SECRET_ACCESS_KEY": "AWS_ACCESS_KEY_ID",
    "AZURE_CLIENT_SECRET": "AZURE_CLIENT_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALICLOUD_SECRET_KEY": "ALICLOUD_ACCESS_KEY",
    "TENCENTCLOUD_SECRET_KEY": "TENCENTCLOUD_SECRET_ID",
    "TWINE_PASSWORD": "TWINE_USERNAME",
    "UV_PUBLISH_PASSWORD": "UV_PUBLISH_USERNAME",
    "SNOWFLAKE_PASSWORD": "SNOWFLAKE_USER",
    "PGPASSWORD": "PGUSER",
}
#: A short-lived one, where this stands beside it.
_SESSION = {
    "AWS_SECRET_ACCESS_KEY": "AWS_SESSION_TOKEN",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "ALIBABA_CLOUD_SECURITY_TOKEN",
}
#: Names of things that nobody's list has; what is called so is told as what it is, a guess.
_SPEAKING = (
    "_TOKEN",
    "_SECRET",
    "_PASSWORD",
    "_API_KEY",
    "_APIKEY",
    "_SECRET_KEY",
    "_PASSWD",
    "_PRIVATE_KEY",
)


def credentials_of(environ: Mapping[str, str]) -> Iterator[Found]:
    """What the variables of one process hold, each with its name as the item."""
    for name, value in environ.items():
        if not placeholder(value):
            yield from _of(name, value, environ)


def _of(name: str, value: str, environ: Mapping[str, str]) -> Iterator[Found]:
    known = KNOWN.get(name) or next(
        (what for prefix, what in KNOWN.items() if prefix.endswith("*") and name.startswith(prefix[:-1])),
        None,
    )
    if known and name.startswith("POETRY_HTTP_BASIC_") and not name.endswith("_PASSWORD"):
        return
    if known:
        provider, kind, life, rotation = known
        session = bool(environ.get(_SESSION.get(name, "")))
        yield Found(
            provider=provider,
            kind=kind,
            secret=Secret(value),
            principal=environ.get(_PRINCIPAL.get(name, ""), ""),
            item=name,
            life=_SHORT if session else life,
            rotation=_EXPIRES if session else rotation,
        )
        return
    by_shape = list(found_in(value.encode("utf-8", "surrogateescape"), name))
    yield from by_shape
    if by_shape:
        return
    if "://" in value:
        for url in value.split():
            if (said := login(url)) is not None and not placeholder(said[1]):
                yield Found(
                    provider=said[2] or "address",
                    kind=Kind.PASSWORD,
                    secret=Secret(said[1]),
                    principal=said[0],
                    item=name,
                )
    elif name.upper().endswith(_SPEAKING) and "/" not in value[:1]:
        told = claims(value)
        yield Found(
            provider="unknown",
            kind=Kind.TOKEN if "TOKEN" in name.upper() or "KEY" in name.upper() else Kind.PASSWORD,
            secret=Secret(value),
            principal=text(told.get("sub")),
            item=name,
            life=_SHORT if "exp" in told else Life.UNKNOWN,
            expires=time_of(told.get("exp")),
        )
