"""What the programs of clouds keep in a home, and in variables."""

from __future__ import annotations

import json

from stockade.acquire.detonate.decoys.laid import Laying
from stockade.acquire.detonate.decoys.maker import ALNUM, BASE32, BASE64, DIGITS, HEX, LOWER

#: Where the refresh tokens of two clouds go, in the hands of their own programs.
GOOGLE, MICROSOFT = ".googleapis.com", ".microsoftonline.com"


def clouds(laying: Laying) -> None:
    """AWS, Google, Azure, Alibaba, Tencent, DigitalOcean, Terraform."""
    for one in (_aws, _google, _azure, _asian, _others):
        one(laying)


def _aws(laying: Laying) -> None:
    make = laying.make
    first, second, third = (make.text(40, BASE64) for _ in range(3))
    laying.file(
        "~/.aws/credentials",
        f"[default]\naws_access_key_id = AKIA{make.text(16, BASE32)}\naws_secret_access_key = {first}\n\n"
        f"[prod]\naws_access_key_id = AKIA{make.text(16, BASE32)}\naws_secret_access_key = {second}\n",
        (first, "AWS secret key"),
        (second, "AWS secret key (prod)"),
    )
    config = "[default]\nregion = eu-central-1\noutput = json\n\n[profile prod]\nregion = eu-west-1\n"
    laying.file("~/.aws/config", config)
    laying.variables["AWS_ACCESS_KEY_ID"] = f"AKIA{make.text(16, BASE32)}"
    laying.variables["AWS_DEFAULT_REGION"] = "eu-central-1"
    laying.variable("AWS_SECRET_ACCESS_KEY", third, "AWS secret key")


def _google(laying: Laying) -> None:
    make = laying.make
    refresh = f"1//0{make.text(98, ALNUM + '-_')}"
    secret = f"d-{make.text(24, ALNUM)}"
    user = {
        "account": "",
        "client_id": f"{make.text(12, DIGITS)}-{make.text(32, LOWER + DIGITS)}.apps.googleusercontent.com",
        "client_secret": secret,
        "quota_project_id": "lena-sandbox",
        "refresh_token": refresh,
        "type": "authorized_user",
        "universe_domain": "googleapis.com",
    }
    laying.file(
        "~/.config/gcloud/application_default_credentials.json",
        json.dumps(user, indent=2) + "\n",
        (refresh, "Google refresh token"),
        meant=(GOOGLE,),
    )
    pem, line = make.pem("PRIVATE KEY")
    account = {
        "type": "service_account",
        "project_id": "lena-sandbox",
        "private_key_id": make.text(40, HEX),
        "private_key": pem,
        "client_email": "deploy@lena-sandbox.iam.gserviceaccount.com",
        "client_id": make.text(21, DIGITS),
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    laying.file(
        "~/.config/gcloud/lena-sandbox-deploy.json",
        json.dumps(account, indent=2) + "\n",
        (line, "key of a Google service account"),
    )
    laying.file("~/.config/gcloud/configurations/config_default", "[core]\nproject = lena-sandbox\n")


def _azure(laying: Laying) -> None:
    make = laying.make
    token, secret, service = f"0.A{make.text(420, ALNUM + '-_')}", make.text(43, HEX), make.text(40)
    tenant, client = make.uuid(), make.uuid()
    cache = {
        "AccessToken": {},
        "RefreshToken": {
            f"{make.uuid()}.{tenant}-login.microsoftonline.com-refreshtoken-{client}--": {
                "credential_type": "RefreshToken",
                "secret": token,
                "environment": "login.microsoftonline.com",
                "client_id": client,
            }
        },
    }
    laying.file(
        "~/.azure/msal_token_cache.json",
        json.dumps(cache, indent=4),
        (token[100:180], "Azure refresh token"),
        meant=(MICROSOFT,),
    )
    known = [{"client_id": client, "tenant": tenant, "client_secret": service}]
    laying.file(
        "~/.azure/service_principal_entries.json",
        json.dumps(known, indent=2),
        (service, "Azure client secret"),
        meant=(MICROSOFT,),
    )
    profile = {
        "subscriptions": [{"id": make.uuid(), "name": "Sandbox", "tenantId": tenant, "isDefault": True}]
    }
    laying.file("~/.azure/azureProfile.json", json.dumps(profile))
    laying.variables |= {"AZURE_TENANT_ID": tenant, "AZURE_CLIENT_ID": client}
    laying.variable("AZURE_CLIENT_SECRET", secret, "Azure client secret", MICROSOFT)


def _asian(laying: Laying) -> None:
    make = laying.make
    alibaba, variable, tencent, other = (make.text(size) for size in (30, 30, 32, 32))
    config = {
        "current": "default",
        "profiles": [
            {
                "name": "default",
                "mode": "AK",
                "access_key_id": f"LTAI5t{make.text(18)}",
                "access_key_secret": alibaba,
                "region_id": "cn-hangzhou",
                "output_format": "json",
            }
        ],
    }
    laying.file("~/.aliyun/config.json", json.dumps(config, indent="\t"), (alibaba, "Alibaba secret key"))
    laying.variables["ALIBABA_CLOUD_ACCESS_KEY_ID"] = f"LTAI5t{make.text(18)}"
    laying.variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET", variable, "Alibaba secret key")
    credential = {"secretId": f"AKID{make.text(32)}", "secretKey": tencent}
    laying.file("~/.tccli/default.credential", json.dumps(credential), (tencent, "Tencent secret key"))
    laying.variables["TENCENTCLOUD_SECRET_ID"] = f"AKID{make.text(32)}"
    laying.variable("TENCENTCLOUD_SECRET_KEY", other, "Tencent secret key")


def _others(laying: Laying) -> None:
    make = laying.make
    ocean, terraform = f"dop_v1_{make.text(64, HEX)}", f"{make.text(14)}.atlasv1.{make.text(67)}"
    laying.file(
        "~/.config/doctl/config.yaml",
        f"access-token: {ocean}\ncontext: default\n",
        (ocean, "DigitalOcean token"),
        meant=(".digitalocean.com",),
    )
    held = {"credentials": {"app.terraform.io": {"token": terraform}}}
    laying.file(
        "~/.terraform.d/credentials.tfrc.json",
        json.dumps(held, indent=2),
        (terraform, "Terraform token"),
        meant=("app.terraform.io",),
    )
