"""``stockade allow``: let refused bytes through for a while, with a reason that others can review."""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stockade.act.report.shown import shown
from stockade.cli import common
from stockade.decide import waivers as waiving
from stockade.decide.policyfile import duration
from stockade.errors import BadPolicy, BadRequirement
from stockade.model.decision import Exit
from stockade.model.project import digest, requirement
from stockade.remember import waivers


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "release", nargs="?", metavar="NAME==VERSION", help="left out for an archive that claims none"
    )
    parser.add_argument("--sha256", required=True, help="the digest of exactly the bytes to let through")
    parser.add_argument(
        "--for", dest="lasting", default="7d", metavar="TIME", help="30m, 12h, 3d, 2w (default: 7d)"
    )
    parser.add_argument("--because", required=True, metavar="REASON", help="why, for whoever reviews it")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="the policy that the waiver belongs to")


def run(given: argparse.Namespace) -> Exit:
    """Write the waiver beside the policy, if the policy admits it."""
    use = common.rules(given.policy)
    if not use.policy.waivers_allowed:
        raise BadPolicy(f"{use.policy.source} admits no waivers")
    name, version = _release(given.release)
    try:
        lasting = duration(given.lasting)
    except ValueError as why:
        raise BadRequirement(f"--for takes {why}, not {given.lasting!r}") from None
    if lasting > timedelta(days=use.policy.waiver_days):
        raise BadPolicy(
            f"{use.policy.source} admits waivers of up to {use.policy.waiver_days} days, not {given.lasting}"
        )
    new = waiving.make(
        project=name,
        version=version,
        sha256=digest(given.sha256),
        because=given.because,
        by=_user(),
        now=datetime.now(UTC),
        lasting=lasting,
    )
    source = str(use.waivers_path)
    waivers.update(
        use.waivers_path,
        lambda text: waiving.serialise(waiving.add(waiving.parse_waivers(text, source=source), new)),
    )
    what = f"{name} {version}" if name else "the archive"
    print(f"{shown(what)} with sha256 {new.sha256[:12]}… is allowed until {new.expires:%Y-%m-%d %H:%M} UTC.")
    print(f"Written to {source}; keep it under review, or delete the entry to end it earlier.")
    return Exit.ALLOWED


def _release(text: str | None) -> tuple[str, str]:
    if text is None:
        return "", ""
    asked = requirement(text)
    if asked.pin is None:
        raise BadRequirement(f"{text!r} must name one version: NAME==VERSION")
    return asked.name, asked.pin


def _user() -> str:
    """Who gives the waiver; a container's user may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody without a user name"
