"""Kubernetes: users of kubeconfig files, and the token that a pod is given."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.acquire.credentials.formats import claims, text_of, time_of, yaml
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.spots import File, Rule, Spot, keyed, text
from stockade.model.credential import Kind, Life, Rotation

KUBERNETES = "Kubernetes"
#: Where a pod finds its own.
POD_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token"  # noqa: S105 (a path)


def pod(file: File) -> Iterator[Found]:
    """A service account's token: bound ones say when they end, those of old do not."""
    token = text_of(file.data).strip()
    said = claims(token)
    if token:
        yield Found(
            provider=KUBERNETES,
            kind=Kind.TOKEN,
            secret=Secret(token),
            principal=text(said.get("sub")),
            life=Life.SHORT if "exp" in said else Life.LONG,
            rotation=Rotation.EXPIRES if "exp" in said else Rotation.API,
            created=time_of(said.get("iat")),
            expires=time_of(said.get("exp")),
        )


_USER = "users.*.user"

SPOTS = (
    Spot(
        patterns=(".kube/config", ".kube/configs/*"),
        variables=("KUBECONFIG",),
        read=keyed(
            KUBERNETES,
            yaml,
            Rule(path=f"{_USER}.token", rotation=Rotation.API),
            Rule(path=f"{_USER}.client-key-data", kind=Kind.PRIVATE_KEY),
            Rule(path=f"{_USER}.password", kind=Kind.PASSWORD, principal="username"),
            Rule(
                path=f"{_USER}.auth-provider.config.refresh-token",
                kind=Kind.REFRESH_TOKEN,
                life=Life.REFRESHING,
            ),
            Rule(path=f"{_USER}.auth-provider.config.id-token", life=Life.SHORT, rotation=Rotation.EXPIRES),
        ),
    ),
)
