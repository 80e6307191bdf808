"""Where credentials lie on a machine, a family of tools a file; `ALL` is every spot."""

from __future__ import annotations

from stockade.acquire.credentials.families import (
    alibaba,
    assistants,
    aws,
    azure,
    clusters,
    data,
    git,
    google,
    hosting,
    infrastructure,
    keys,
    managers,
    notebooks,
    packages,
    registries,
    stores,
    tencent,
)

ALL = (
    *aws.SPOTS,
    *google.SPOTS,
    *azure.SPOTS,
    *alibaba.SPOTS,
    *tencent.SPOTS,
    *hosting.SPOTS,
    *clusters.SPOTS,
    *registries.SPOTS,
    *packages.SPOTS,
    *git.SPOTS,
    *keys.SPOTS,
    *infrastructure.SPOTS,
    *managers.SPOTS,
    *assistants.SPOTS,
    *notebooks.SPOTS,
    *data.SPOTS,
    *stores.SPOTS,
)
