"""Which index may serve which names: what keeps a public project from being taken for a private one.

PEP 708 was rejected, so that no index says whose a name is; policy does.
"""

from __future__ import annotations

from collections.abc import Callable

from stockade.decide.policy import ANY, Policy
from stockade.model.project import ProjectName


def serving(policy: Policy, name: ProjectName) -> tuple[str, ...]:
    """The indexes that alone may serve `name`; () where policy leaves that open.

    A row that names it, or the longest prefix of it, holds; several such rows hold together.
    """
    best: list[str] = []
    longest = -1
    for one in policy.indexes:
        fits = max((_length(pattern, name) for pattern in one.names), default=-1)
        if fits > longest:
            best, longest = [], fits
        if fits == longest >= 0:
            best.append(one.url)
    return tuple(best)


def _length(pattern: str, name: str) -> int:
    """How much of `name` a pattern names: -1 for none; an exact name beats every prefix."""
    if pattern.endswith(ANY):
        prefix = pattern.removesuffix(ANY)
        return len(prefix) if name.startswith(prefix) else -1
    return len(name) + 1 if pattern == name else -1


def rule(policy: Policy) -> Callable[[ProjectName], Callable[[str], bool] | None]:
    """For a name, what tells of an index's (or a file's) URL whether it may serve that; None where every one may."""

    def of(name: ProjectName) -> Callable[[str], bool] | None:
        urls = serving(policy, name)
        return (lambda url: any(under(url, one) for one in urls)) if urls else None

    return of


def may_redirect(policy: Policy, host: str) -> bool:
    """Whether an index may redirect to `host`, another one than its own."""
    host = host.lower()
    return any(
        one in {ANY, host} or (one.startswith(f"{ANY}.") and host.endswith(one[1:]))
        for one in policy.redirect_hosts
    )


def under(url: str, base: str) -> bool:
    """Whether `url` is `base` or lies below it; a slash at the end tells nothing."""
    url, base = url.rstrip("/"), base.rstrip("/")
    return url == base or url.startswith(base + "/")
