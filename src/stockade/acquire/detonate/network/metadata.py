"""The services that tell machines of clouds who they are, with decoys for credentials."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from stockade.acquire.detonate.decoys.machines import ALIBABA, CONTAINERS, METADATA, ROLE, TENCENT, Machines
from stockade.acquire.detonate.network.requests import Answer, Request

ADDRESSES = frozenset({METADATA, ALIBABA, CONTAINERS, TENCENT})
_MISSING = Answer(b"not found\n", "text/plain", "404 Not Found")
_PARTS = "ami-id\nhostname\niam/\ninstance-id\ninstance-type\nlocal-ipv4\nplacement/\npublic-keys/\n"


def told(request: Request, address: str, machines: Machines) -> Answer:
    """The answer of the service at `address`; each of them asks for what the real one asks for."""
    path = request.path.partition("?")[0].rstrip("/")
    served: Mapping[str, Callable[[Request, str, Machines], Answer]] = {
        ALIBABA: _alibaba,
        CONTAINERS: _container,
        TENCENT: _tencent,
    }
    return served.get(address, _shared)(request, path, machines)


def _shared(request: Request, path: str, machines: Machines) -> Answer:
    if path.startswith("/computeMetadata"):
        return _google(request, path, machines)
    if path.startswith("/metadata/"):
        return _azure(request, path, machines)
    return _aws(request, path, machines)


def _aws(request: Request, path: str, machines: Machines) -> Answer:
    """Both versions: with a session and without."""
    if path == "/latest/api/token":
        if request.method != "PUT":
            return Answer(b"", "text/plain", "405 Not Allowed")
        life = request.headers.get("x-aws-ec2-metadata-token-ttl-seconds", "21600")
        return _text(machines.session, **{"X-Aws-Ec2-Metadata-Token-Ttl-Seconds": life})
    return _listed(
        path,
        {
            "": "latest",
            "/latest": "dynamic\nmeta-data\nuser-data",
            "/latest/meta-data": _PARTS,
            "/latest/meta-data/instance-id": f"i-{machines.number}",
            "/latest/meta-data/instance-type": "m6i.large",
            "/latest/meta-data/hostname": "ip-172-31-20-7.eu-central-1.compute.internal",
            "/latest/meta-data/local-ipv4": "172.31.20.7",
            "/latest/meta-data/placement/region": "eu-central-1",
            "/latest/meta-data/placement/availability-zone": "eu-central-1a",
            "/latest/meta-data/iam": "info\nsecurity-credentials/",
            "/latest/meta-data/iam/security-credentials": ROLE,
            f"/latest/meta-data/iam/security-credentials/{ROLE}": machines.aws,
            "/latest/dynamic/instance-identity/document": machines.identity,
            "/latest/user-data": "#!/bin/sh\n",
        },
    )


def _google(request: Request, path: str, machines: Machines) -> Answer:
    if request.headers.get("metadata-flavor", "").lower() != "google":
        return Answer(b"Missing Metadata-Flavor:Google header.\n", "text/plain", "403 Forbidden")
    account = "/computeMetadata/v1/instance/service-accounts/default"
    found = _listed(
        path,
        {
            "/computeMetadata": "v1/",
            "/computeMetadata/v1": "instance/\nproject/\n",
            "/computeMetadata/v1/instance/service-accounts": "default/\n",
            account: json.dumps({"aliases": ["default"], "email": _MAIL, "scopes": [_SCOPE]}),
            f"{account}/email": _MAIL,
            f"{account}/scopes": _SCOPE,
            f"{account}/token": machines.google,
            f"{account}/identity": machines.google_id,
            "/computeMetadata/v1/project/project-id": "lena-sandbox",
            "/computeMetadata/v1/project/numeric-project-id": "481516234200",
            "/computeMetadata/v1/universe/universe-domain": "googleapis.com",
        },
    )
    found.headers["Metadata-Flavor"] = "Google"
    return found


_MAIL = "deploy@lena-sandbox.iam.gserviceaccount.com"
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def _azure(request: Request, path: str, machines: Machines) -> Answer:
    if request.headers.get("metadata", "").lower() != "true":
        said = json.dumps({"error": "Bad request. Required metadata header not specified"})
        return Answer(said.encode(), status="400 Bad Request")
    machine = {
        "compute": {"location": "westeurope", "name": ROLE, "osType": "Linux", "vmSize": "Standard_D2s_v5"}
    }
    return _listed(
        path, {"/metadata/identity/oauth2/token": machines.azure, "/metadata/instance": json.dumps(machine)}
    )


def _alibaba(request: Request, path: str, machines: Machines) -> Answer:
    return _listed(
        path,
        {
            "/latest/meta-data": "instance-id\nram/\nregion-id\n",
            "/latest/meta-data/instance-id": f"i-{machines.number}",
            "/latest/meta-data/region-id": "cn-hangzhou",
            "/latest/meta-data/ram/security-credentials": ROLE,
            f"/latest/meta-data/ram/security-credentials/{ROLE}": machines.alibaba,
            "/latest/api/token": machines.session,
        },
    )


def _tencent(request: Request, path: str, machines: Machines) -> Answer:
    return _listed(
        path,
        {
            "/latest/meta-data": "cam/\ninstance-id\n",
            "/latest/meta-data/instance-id": f"ins-{machines.number[:8]}",
            "/latest/meta-data/cam/security-credentials": ROLE,
            f"/latest/meta-data/cam/security-credentials/{ROLE}": machines.tencent,
        },
    )


def _container(request: Request, path: str, machines: Machines) -> Answer:
    """Whatever is asked for below the credentials: their path is secret on a real machine."""
    if path.startswith(("/v2/credentials", "/v1/credentials")) or not path:
        return Answer(machines.container.encode())
    return _listed(path, {"/v2/metadata": '{"Cluster": "prod"}', "/v4/metadata": '{"Cluster": "prod"}'})


def _listed(path: str, known: Mapping[str, str]) -> Answer:
    found = known.get(path)
    if found is None:
        return Answer(_MISSING.body, _MISSING.kind, _MISSING.status)
    return Answer(found.encode(), "application/json") if found.startswith("{") else _text(found)


def _text(body: str, **headers: str) -> Answer:
    return Answer(body.encode(), "text/plain", headers=headers)
