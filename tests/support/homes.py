"""A home folder in which every kind of place holds a credential that opens nothing."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

#: In every secret of a fake home, so that a test can look for it where none may be.
CANARY = "canary7f3a"


def secret(name: str) -> str:
    """A secret of its own for each name."""
    return f"{CANARY}-{name}-0123456789"


def jwt(**claims: object) -> str:
    """An unsigned JSON Web Token with a canary for a signature."""
    parts = (json.dumps(one).encode() for one in ({"alg": "none"}, claims))
    return ".".join((*(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts), CANARY))


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def database(folder: Path, *tables: str) -> bytes:
    """A SQLite file made of those statements."""
    path = folder / "made.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as base:
        for one in tables:
            base.execute(one)
        base.commit()
    return path.read_bytes()


def openssh(cipher: str) -> str:
    """A private key's form, with nothing in it."""
    body = b"openssh-key-v1\0" + len(cipher).to_bytes(4, "big") + cipher.encode() + secret(cipher).encode()
    return (
        "-----BEGIN OPENSSH PRIVATE KEY-----\n"
        f"{base64.b64encode(body).decode()}\n"
        "-----END OPENSSH PRIVATE KEY-----\n"
    )


@dataclass(frozen=True)
class Known:
    """What is to be found at one place: provider, kind, principal, item, life."""

    provider: str
    kind: str
    principal: str = ""
    item: str = ""
    life: str = "long-lived"


def _yaml(**values: object) -> str:
    return json.dumps(values)  # YAML is a superset


def rows() -> Mapping[str, tuple[str, tuple[Known, ...]]]:
    """Path below the home -> what stands there, and what is to be found."""
    s = secret
    return {
        ".aws/credentials": (
            (
                f"[default]\naws_access_key_id = AKIAFAKE1\naws_secret_access_key = {s('aws')}\n"
                f"[temp]\naws_access_key_id=ASIAFAKE2\naws_secret_access_key={s('aws2')}\naws_session_token=x1234567\n"
                "[role]\nrole_arn = arn:aws:iam::1:role/x\n"
            ),
            (
                Known("AWS", "access key", "AKIAFAKE1", "profile default"),
                Known("AWS", "access key", "ASIAFAKE2", "profile temp", "short-lived"),
            ),
        ),
        ".aws/config": (
            f"[profile old]\naws_access_key_id=AKIAFAKE3\naws_secret_access_key={s('aws3')}\n",
            (Known("AWS", "access key", "AKIAFAKE3", "profile old"),),
        ),
        ".aws/sso/cache/abc.json": (
            json.dumps(
                {
                    "startUrl": "https://x.invalid/start",
                    "accessToken": s("sso"),
                    "expiresAt": "2026-01-02T03:04:05Z",
                    "refreshToken": s("sso-refresh"),
                }
            ),
            (
                Known("AWS", "token", "https://x.invalid/start", "accessToken", "short-lived"),
                Known("AWS", "refresh token", "https://x.invalid/start", "refreshToken", "renews itself"),
            ),
        ),
        ".aws/cli/cache/abc.json": (
            json.dumps(
                {
                    "Credentials": {
                        "AccessKeyId": "ASIAFAKE4",
                        "SecretAccessKey": s("sts"),
                        "Expiration": "2026-01-02T03:04:05Z",
                    }
                }
            ),
            (Known("AWS", "access key", "ASIAFAKE4", "Credentials.SecretAccessKey", "short-lived"),),
        ),
        ".config/gcloud/application_default_credentials.json": (
            json.dumps({"type": "authorized_user", "account": "me@x.invalid", "refresh_token": s("adc")}),
            (Known("Google Cloud", "refresh token", "me@x.invalid", "", "renews itself"),),
        ),
        ".config/gcloud/legacy_credentials/me/adc.json": (
            json.dumps(
                {
                    "type": "service_account",
                    "client_email": "bot@x.invalid",
                    "private_key_id": "0123456789",
                    "private_key": s("sa"),
                }
            ),
            (Known("Google Cloud", "service account key", "bot@x.invalid", "key 01234567…"),),
        ),
        ".gemini/oauth_creds.json": (
            json.dumps({"refresh_token": s("gemini"), "expiry_date": 1767323045000}),
            (Known("Google", "refresh token", "", "refresh_token", "renews itself"),),
        ),
        ".azure/msal_token_cache.json": (
            json.dumps({"RefreshToken": {"a": {"secret": s("msal"), "home_account_id": "me.tenant"}}}),
            (Known("Azure", "refresh token", "me.tenant", "me.tenant", "renews itself"),),
        ),
        ".azure/service_principal_entries.json": (
            json.dumps([{"client_id": "app-1", "client_secret": s("sp")}]),
            (Known("Azure", "client secret", "app-1", "0.client_secret"),),
        ),
        ".aliyun/config.json": (
            json.dumps(
                {
                    "profiles": [
                        {
                            "name": "default",
                            "mode": "AK",
                            "access_key_id": "LTAIfake",
                            "access_key_secret": s("ali"),
                        },
                        {"name": "ram", "mode": "EcsRamRole", "access_key_secret": ""},
                    ]
                }
            ),
            (Known("Alibaba Cloud", "access key", "LTAIfake", "profile default"),),
        ),
        ".alibabacloud/credentials": (
            (
                "[default]\ntype = sts\naccess_key_id = LTAIfake2\nsecurity_token = t123\n"
                f"access_key_secret = {s('ali2')}\n"
            ),
            (Known("Alibaba Cloud", "access key", "LTAIfake2", "profile default", "short-lived"),),
        ),
        ".tccli/default.credential": (
            json.dumps({"secretId": "AKIDfake", "secretKey": s("tencent")}),
            (Known("Tencent Cloud", "access key", "AKIDfake", "secretKey"),),
        ),
        ".config/hcloud/cli.toml": (
            f'[[contexts]]\nname = "prod"\ntoken = "{s("hcloud")}"\n',
            (Known("Hetzner", "token", "prod", "prod"),),
        ),
        ".config/doctl/config.yaml": (
            f"access-token: {s('doctl')}\n",
            (Known("DigitalOcean", "token", "", "access-token"),),
        ),
        ".bluemix/config.json": (
            json.dumps({"IAMToken": "Bearer " + s("ibm"), "IAMRefreshToken": s("ibm2")}),
            (
                Known("IBM Cloud", "token", "", "IAMToken", "short-lived"),
                Known("IBM Cloud", "refresh token", "", "IAMRefreshToken", "renews itself"),
            ),
        ),
        ".fly/config.yml": (f"access_token: {s('fly')}\n", (Known("Fly.io", "token", "", "access_token"),)),
        ".config/vercel/auth.json": (
            json.dumps({"token": s("vercel")}),
            (Known("Vercel", "token", "", "token"),),
        ),
        ".netlify/config.json": (
            json.dumps({"users": {"u1": {"auth": {"token": s("netlify")}}}}),
            (Known("Netlify", "token", "u1", "users.u1.auth.token"),),
        ),
        ".config/.wrangler/config/default.toml": (
            f'oauth_token = "{s("cf")}"\nexpiration_time = "2026-01-02T03:04:05Z"\nrefresh_token = "{s("cf2")}"\n',
            (
                Known("Cloudflare", "token", "", "oauth_token", "short-lived"),
                Known("Cloudflare", "refresh token", "", "refresh_token", "renews itself"),
            ),
        ),
        ".config/heroku/config.json": (
            json.dumps({"token": s("heroku")}),
            (Known("Heroku", "token", "", "token"),),
        ),
        ".oci/config": (
            f"[DEFAULT]\nuser = ocid1.user\npass_phrase = {s('oci')}\n",
            (Known("Oracle Cloud", "password", "ocid1.user", "DEFAULT.pass_phrase"),),
        ),
        ".netrc": (
            (
                f"machine api.x.invalid\n  login me\n  password {s('netrc')}\n"
                f"machine github.com login you password {s('netrc2')}\nmachine ftp.x.invalid login anonymous\n"
            ),
            (
                Known("api.x.invalid", "password", "me", "api.x.invalid"),
                Known("GitHub", "password", "you", "github.com"),
            ),
        ),
        ".kube/config": (
            _yaml(
                users=[
                    {"name": "admin", "user": {"client-key-data": s("kube"), "client-certificate-data": "x"}},
                    {"name": "bot", "user": {"token": jwt(sub="system:bot", exp=1767323045)}},
                    {"name": "sso", "user": {"exec": {"command": "aws"}}},
                ]
            ),
            (
                Known("Kubernetes", "private key", "", "users.0.user.client-key-data"),
                Known("Kubernetes", "token", "system:bot", "users.1.user.token", "short-lived"),
            ),
        ),
        ".docker/config.json": (
            json.dumps({"auths": {"r.invalid": {"auth": b64("me:" + s("docker"))}, "empty.invalid": {}}}),
            (Known("container registry", "password", "me", "r.invalid"),),
        ),
        ".config/containers/auth.json": (
            json.dumps({"auths": {"q.invalid": {"identitytoken": s("podman"), "username": "robot"}}}),
            (Known("container registry", "password", "robot", "q.invalid"),),
        ),
        ".npmrc": (
            f"//r.invalid/:_authToken={s('npm')}\n//s.invalid/:_authToken=${{NPM_TOKEN}}\nregistry=https://r.invalid/\n",
            (Known("npm", "token", "", "r.invalid"),),
        ),
        ".yarnrc.yml": (_yaml(npmAuthToken=s("yarn")), (Known("npm", "token", "", "npmAuthToken"),)),
        ".bunfig.toml": (
            f'[install.registry]\ntoken = "{s("bun")}"\n',
            (Known("npm", "token", "", "install.registry.token"),),
        ),
        ".pypirc": (
            f"[private]\nrepository = https://i.invalid/\nusername = __token__\npassword = {s('pypirc')}\n",
            (Known("Python index", "token", "__token__", "private"),),
        ),
        ".config/pip/pip.conf": (
            (
                f"[global]\nindex-url = https://me:{s('pip')}@i.invalid/simple/\nextra-index-url =\n    https://j.invalid/\n"
                f"    https://you:{s('pip2')}@k.invalid/\n"
            ),
            (
                Known("Python index", "password", "me", "global.index-url i.invalid"),
                Known("Python index", "password", "you", "global.extra-index-url k.invalid"),
            ),
        ),
        ".config/uv/uv.toml": (
            f'[[index]]\nurl = "https://me:{s("uv")}@i.invalid/simple/"\n',
            (Known("Python index", "password", "me", "index.0.url i.invalid"),),
        ),
        ".config/pypoetry/auth.toml": (
            f'[http-basic.mine]\nusername = "me"\npassword = "{s("poetry")}"\n[pypi-token]\nmain = "{s("poetry2")}"\n',
            (Known("Python index", "password", "me", "mine"), Known("Python index", "token", "", "main")),
        ),
        ".cargo/credentials.toml": (
            f'[registry]\ntoken = "{s("cargo")}"\n',
            (Known("Cargo", "token", "", "registry.token"),),
        ),
        ".gem/credentials": (
            f"---\n:rubygems_api_key: {s('gem')}\n",
            (Known("RubyGems", "token", "", ":rubygems_api_key"),),
        ),
        ".bundle/config": (
            f'---\nBUNDLE_PATH: "vendor/bundle"\nBUNDLE_GEMS__X__INVALID: "me:{s("bundle")}"\n',
            (Known("RubyGems", "password", "me", "gems.x.invalid"),),
        ),
        ".nuget/NuGet/NuGet.Config": (
            (
                '<?xml version="1.0"?><configuration><packageSourceCredentials><Mine>'
                f'<add key="Username" value="me" /><add key="ClearTextPassword" value="{s("nuget")}" />'
                "</Mine></packageSourceCredentials></configuration>"
            ),
            (Known("NuGet", "password", "", "Mine"),),
        ),
        ".m2/settings.xml": (
            (
                '<settings xmlns="http://maven.invalid/"><servers><server><id>x</id>'
                f"<password>{s('maven')}</password></server></servers></settings>"
            ),
            (Known("Maven", "password", "", "settings.0.servers.0.server.0.password.0.#"),),
        ),
        ".gradle/gradle.properties": (
            f"org.gradle.jvmargs=-Xmx2g\nmavenPassword={s('gradle')}\n",
            (Known("Gradle", "password", "", "mavenPassword"),),
        ),
        ".composer/auth.json": (
            json.dumps(
                {
                    "http-basic": {"x.invalid": {"username": "me", "password": s("composer")}},
                    "github-oauth": {"github.com": s("composer2")},
                }
            ),
            (Known("Composer", "password", "me", "x.invalid"), Known("GitHub", "token", "", "github.com")),
        ),
        ".git-credentials": (
            f"https://me:{s('git')}@gitlab.invalid\n",
            (Known("GitLab", "token", "me", "gitlab.invalid"),),
        ),
        ".gitconfig": (
            (
                f'[user]\n\tname = Me\n[url "https://oauth2:{s("gitconfig")}@github.invalid/"]\n'
                "\tinsteadOf = https://github.invalid/\n"
                f'[http "https://gitlab.invalid/"]\n\textraheader = AUTHORIZATION: basic {s("header")}\n'
            ),
            (
                Known("GitHub", "token", "oauth2", "url github.invalid"),
                Known("GitLab", "token", "", 'http "https://gitlab.invalid/"'),
            ),
        ),
        ".config/gh/hosts.yml": (
            _yaml(**{"github.invalid": {"user": "me", "oauth_token": s("gh"), "git_protocol": "https"}}),
            (Known("GitHub", "token", "me", "github.invalid"),),
        ),
        ".config/glab-cli/config.yml": (
            _yaml(hosts={"gitlab.invalid": {"token": s("glab"), "user": "me"}}),
            (Known("GitLab", "token", "me", "gitlab.invalid"),),
        ),
        ".config/github-copilot/apps.json": (
            json.dumps({"github.invalid:1": {"user": "me", "oauth_token": s("copilot")}}),
            (Known("GitHub", "token", "me", "github.invalid:1"),),
        ),
        ".ssh/id_ed25519": (openssh("none"), (Known("SSH", "private key", "me@laptop"),)),
        ".ssh/id_locked": (openssh("aes256-ctr"), (Known("SSH", "private key"),)),
        ".gnupg/private-keys-v1.d/ABCD.key": (
            f"Key: (protected-private-key (rsa (n #{s('gpg')}#)))",
            (Known("GnuPG", "private key", "ABCD"),),
        ),
        ".terraform.d/credentials.tfrc.json": (
            json.dumps({"credentials": {"tf.invalid": {"token": s("tf")}}}),
            (Known("Terraform", "token", "", "tf.invalid"),),
        ),
        ".terraformrc": (
            f'credentials "tf2.invalid" {{\n  token = "{s("tf2")}"\n}}\n',
            (Known("Terraform", "token", "", "tf2.invalid"),),
        ),
        ".vault-token": (s("vault"), (Known("Vault/OpenBao", "token", life="unknown"),)),
        ".config/Bitwarden CLI/data.json": (
            json.dumps({"accessToken": s("bw"), "refreshToken": s("bw2")}),
            (
                Known("Bitwarden", "token", "", "accessToken", "short-lived"),
                Known("Bitwarden", "refresh token", "", "refreshToken", "renews itself"),
            ),
        ),
        ".cache/huggingface/token": (s("hf") + "\n", (Known("Hugging Face", "token"),)),
        ".cache/huggingface/stored_tokens": (
            f"[laptop]\nhf_token = {s('hf2')}\n",
            (Known("Hugging Face", "token", "", "laptop"),),
        ),
        ".claude/.credentials.json": (
            json.dumps({"o": {"accessToken": s("ca"), "refreshToken": s("cr"), "expiresAt": 1767323045000}}),
            (
                Known("Anthropic", "token", "", "o.accessToken", "short-lived"),
                Known("Anthropic", "refresh token", "", "o.refreshToken", "renews itself"),
            ),
        ),
        ".claude.json": (
            json.dumps({"mcpServers": {"db": {"env": {"DB_PASSWORD": s("mcp"), "LOG": "debug"}}}}),
            (Known("agents' servers", "token", "", "db"),),
        ),
        ".codex/auth.json": (
            json.dumps({"OPENAI_API_KEY": s("codex"), "tokens": {"refresh_token": s("codex2")}}),
            (
                Known("OpenAI", "token", "", "OPENAI_API_KEY"),
                Known("OpenAI", "refresh token", "", "tokens.refresh_token", "renews itself"),
            ),
        ),
        ".aider.conf.yml": (
            f"openai-api-key: {s('aider')}\nmodel: x\n",
            (Known("models' providers", "token", "", "openai-api-key"),),
        ),
        ".jupyter/jupyter_notebook_config.py": (
            f"c = get_config()\nc.ServerApp.token = '{s('jupyter')}'\n# c.ServerApp.password = 'commented'\n",
            (Known("Jupyter", "token"),),
        ),
        ".local/share/jupyter/runtime/jpserver-12.json": (
            json.dumps({"token": s("runtime"), "url": "http://127.0.0.1:8888/"}),
            (Known("Jupyter", "token", "http://127.0.0.1:8888/", "token", "short-lived"),),
        ),
        ".dbt/profiles.yml": (
            _yaml(shop={"outputs": {"dev": {"type": "postgres", "user": "me", "password": s("dbt")}}}),
            (Known("dbt", "password", "me", "shop.outputs.dev.password"),),
        ),
        ".snowflake/connections.toml": (
            f'[prod]\nuser = "me"\npassword = "{s("snow")}"\n',
            (Known("Snowflake", "password", "me", "prod.password"),),
        ),
        ".databrickscfg": (
            f"[DEFAULT]\nhost = https://d.invalid\ntoken = {s('dbx')}\n",
            (Known("Databricks", "token", "https://d.invalid", "DEFAULT"),),
        ),
        ".kaggle/kaggle.json": (
            json.dumps({"username": "me", "key": s("kaggle")}),
            (Known("Kaggle", "token", "me", "key"),),
        ),
        ".comet.config": (
            f"[comet]\napi_key = {s('comet')}\n",
            (Known("Comet", "token", "", "comet.api_key"),),
        ),
        ".pgpass": (
            f"db.invalid:5432:shop:me:{s('pg')}\n# comment\n",
            (Known("PostgreSQL", "password", "me", "db.invalid:5432/shop"),),
        ),
        ".my.cnf": (
            f"[client]\nuser = me\npassword = {s('my')}\n",
            (Known("MySQL", "password", "me", "client"),),
        ),
        ".s3cfg": (
            f"[default]\naccess_key = AKIAFAKE5\nsecret_key = {s('s3')}\n",
            (Known("AWS", "access key", "AKIAFAKE5", "default"),),
        ),
        ".boto": (
            f"[Credentials]\naws_access_key_id = AKIAFAKE6\naws_secret_access_key = {s('boto')}\n",
            (Known("AWS", "access key", "AKIAFAKE6", "Credentials.aws_secret_access_key"),),
        ),
        ".config/rclone/rclone.conf": (
            f"[store]\ntype = s3\naccess_key_id = AKIAFAKE7\nsecret_access_key = {s('rclone')}\n",
            (Known("object stores", "access key", "AKIAFAKE7", "store"),),
        ),
        ".mc/config.json": (
            json.dumps({"aliases": {"play": {"accessKey": "me", "secretKey": s("mc")}}}),
            (Known("object stores", "access key", "me", "play"),),
        ),
        ".bash_history": (
            f"ls\nexport GH=ghp_{'A' * 36}\ncurl https://x.invalid\n",
            (Known("GitHub", "token"),),
        ),
        "jobs/shop/.env": (
            f"DEBUG=1\nexport STRIPE_SECRET_KEY='{s('stripe')}'\nDATABASE_URL=postgres://me:{s('dsn')}@db.invalid/x\n",
            (
                Known("unknown", "token", "", "STRIPE_SECRET_KEY", "unknown"),
                Known("db.invalid", "password", "me", "DATABASE_URL"),
            ),
        ),
        ".config/google-chrome/Default/Login Data": (
            "x",
            (Known("Chrome (browser)", "store", life="unknown"),),
        ),
        ".mozilla/firefox/a.default/logins.json": (
            "{}",
            (Known("Firefox (browser)", "store", life="unknown"),),
        ),
        ".electrum/wallets/default_wallet": ("x", (Known("Electrum (wallet)", "store", life="unknown"),)),
        ".local/share/keyrings/login.keyring": ("x", (Known("GNOME keyring", "store", life="unknown"),)),
        ".password-store/x.gpg": ("x", (Known("pass", "store", life="unknown"),)),
    }


def home(folder: Path) -> Path:
    """The whole of it, in `folder`, every file its owner's alone."""
    root = folder / "home"
    for name, (text, _) in rows().items():
        write(root / name, text)
    write(root / ".ssh/id_ed25519.pub", "ssh-ed25519 AAAA me@laptop\n")
    write(
        root / ".config/gcloud/credentials.db",
        database(
            folder,
            "CREATE TABLE credentials (account_id TEXT PRIMARY KEY, value BLOB)",
            "INSERT INTO credentials VALUES ('db@x.invalid', '"
            + json.dumps({"type": "authorized_user", "refresh_token": secret("gcdb")})
            + "')",
        ),
    )
    return root


def write(path: Path, data: str | bytes) -> None:
    """A file of its owner's alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    path.chmod(0o600)
