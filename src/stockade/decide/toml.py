"""Reads TOML that may be anything: a policy may come with a project that nobody has vetted."""

from __future__ import annotations

from typing import Any

from stockade.errors import BadPolicy


def load(text: str, source: str) -> dict[str, Any]:
    """The document; raises BadPolicy, in one sentence, for what is no TOML or cannot be read as such."""
    import tomllib  # most runs have no policy file

    try:
        return tomllib.loads(text)
    except RecursionError:
        raise BadPolicy(f"{source} is nested too deeply") from None
    except ValueError as why:  # TOMLDecodeError, and a number of too many digits
        raise BadPolicy(f"{source} is not TOML: {why}") from None
