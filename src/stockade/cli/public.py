"""A snapshot of the names that a public index has: read from files that policy names, so that nobody is asked."""

from __future__ import annotations

from pathlib import Path

from packaging.utils import canonicalize_name

from stockade import limits
from stockade.decide.policy import Policy
from stockade.errors import BadPolicy, NoPolicy


def public_names(policy: Policy) -> frozenset[str]:
    """The names in the policy's `public-names` files, normalised: the first word of each line.

    Raises BadPolicy.
    """
    found: set[str] = set()
    for name in policy.public_names:
        path = Path(policy.source).parent / name
        try:
            if path.stat().st_size > limits.MAX_PUBLIC_NAMES:
                raise BadPolicy(f"{path} is larger than {limits.MAX_PUBLIC_NAMES >> 20} MiB")
            with path.open(encoding="utf-8") as file:
                found |= {_first(line) for line in file}
        except FileNotFoundError:
            raise NoPolicy(f"the policy names public names in {path}, and there is no such file") from None
        except (OSError, UnicodeDecodeError) as why:
            raise BadPolicy(f"{path} cannot be read as text: {why}") from None
    return frozenset(found - {""})


def _first(line: str) -> str:
    words = line.replace(",", " ").replace('"', " ").split(maxsplit=1)
    return canonicalize_name(words[0]) if words else ""
