"""Whether something may be run here at all, before anything is read that only a detonation needs."""

from __future__ import annotations

import argparse
import importlib.util
import os

from stockade.errors import DetonationRefused, UsageError

#: What the network that leads nowhere vouches for hosts with.
NEEDED = "cryptography"


def permitted(given: argparse.Namespace) -> None:
    """Raises UsageError where nobody said to run it, DetonationRefused where it should not be run by this user, or what
    it takes is not here."""
    if not given.yes_run_it:
        raise UsageError("detonating runs what may be malicious; say --yes-run-it if that is what you want")
    if os.geteuid() == 0 and os.environ.get("CI", "").lower() in {"", "0", "false"}:
        raise DetonationRefused("what is suspicious is not run as root, but in CI (the variable CI)")
    if importlib.util.find_spec(NEEDED) is None:
        raise DetonationRefused(f"it needs {NEEDED}, which comes with the extra stockade[gate]")
