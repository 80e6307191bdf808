"""Writes the effective policy back as TOML, each value with where it came from; its reader is policyfile.py."""

from __future__ import annotations

import re

from stockade.decide.policy import Action, Condition, Policy
from stockade.decide.policyfile import VERSION, plain, spell
from stockade.model.audit import Standing
from stockade.model.credential import Fault
from stockade.model.environment import Oddness


def explain(policy: Policy) -> str:
    """The effective policy as TOML, each value with a comment that says where it came from.

    What it prints can be saved as stockade.toml and means the same.
    """
    lines = [f"# effective policy; from: {plain(policy.source)}"]

    def put(dotted: str, key: str, value: str) -> None:
        origin = "file" if dotted in policy.given else "default"
        lines.append(f"{key} = {value}".ljust(34) + f"  # {origin}")

    put("version", "version", str(VERSION))
    put("mode", "mode", _quoted(policy.mode))
    put("minimum-age", "minimum-age", _quoted(spell(policy.minimum_age)))
    put("public-names", "public-names", _listed(policy.public_names))
    put("redirect-hosts", "redirect-hosts", _listed(policy.redirect_hosts))
    lines += ["", "[cooldown]"]
    put("cooldown.first-week", "first-week", _quoted(spell(policy.first_week)))
    put("cooldown.first-week-age", "first-week-age", _quoted(spell(policy.first_age)))
    put("cooldown.fixes", "fixes", "true" if policy.cooldown_fixes else "false")
    for one in policy.exempt:
        lines += ["", "[[cooldown.exempt]]", f"project = {_quoted(one.project)}"]
        lines += [f"until = {one.until.isoformat()}", f"because = {_quoted(one.because)}"]
    for row in policy.indexes:
        lines += ["", "[[indexes]]", f"url = {_quoted(row.url)}", f"names = {_listed(row.names)}"]
    lines += ["", "[thresholds]"]
    for name, value in (("block", policy.block), ("ask", policy.ask)):
        if value is None:
            lines.append(f"# {name}: the model's own".ljust(34) + "  # default")
        else:
            put(f"thresholds.{name}", name, repr(float(value)))
    lines += ["", "[rules]  # what nothing here maps is blocked"]
    for condition in Condition:
        put(f"rules.{condition}", condition, _quoted(policy.rules.get(condition, Action.BLOCK)))
    lines += ["", "[advisories]"]
    put("advisories.max-age", "max-age", _quoted(spell(policy.feeds_age)))
    lines += _feeds(policy)
    lines += ["", "[audit]"]
    put("audit.allow", "allow", _listed(tuple(map(str, policy.audit_allow))))
    for kind in (*Standing, *Oddness):
        put(f"audit.{kind}", kind, _quoted(policy.audit[kind]))
    lines += ["", "[credentials]"]
    put("credentials.max-age", "max-age", _quoted(spell(policy.credentials_age)))
    for fault in Fault:
        put(f"credentials.{fault}", fault, _quoted(policy.credentials[fault]))
    lines += ["", "[detectors]  # all others: weighed by the model"]
    for name, rule in sorted(policy.detectors.items()):
        put(f"detectors.{name}", _key(name), _quoted(rule))
    lines += ["", "[gaps]"]
    put("gaps.accept", "accept", _listed(policy.accepted_gaps))
    lines += ["", "[waivers]"]
    put("waivers.allowed", "allowed", "true" if policy.waivers_allowed else "false")
    put("waivers.max-days", "max-days", str(policy.waiver_days))
    lines += ["", "[yara]"]
    put("yara.rules", "rules", _listed(policy.yara_rules))
    lines += ["", "[provenance]"]
    put("provenance.verify", "verify", "true" if policy.provenance else "false")
    put("provenance.trusted-root", "trusted-root", _quoted(policy.trusted_root))
    lines += ["", "[reference]"]
    put("reference.counts", "counts", _quoted(policy.counts))
    return "\n".join(lines) + "\n"


def _feeds(policy: Policy) -> list[str]:
    """The sources of advisories."""
    lines = [] if policy.feeds else ["feeds = []"]
    for feed in policy.feeds:
        lines += ["", "[[advisories.feeds]]", f"name = {_quoted(feed.name)}"]
        lines += [f"kind = {_quoted(feed.kind)}", f"url = {_quoted(feed.url)}"]
        lines += [f"checksum = {_quoted(feed.checksum)}"] if feed.checksum else []
    return lines


def _quoted(text: str) -> str:
    """A TOML basic string, in ASCII."""
    out = []
    for char in text:
        code = ord(char)
        if char in '"\\':
            out.append("\\" + char)
        elif 0x20 <= code < 0x7F:
            out.append(char)
        else:
            out.append(f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")
    return '"' + "".join(out) + '"'


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _listed(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(_quoted(value) for value in values) + "]"
