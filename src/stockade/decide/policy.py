"""The policy: what is done about what, as values. Its file format is read in ``policyfile.py``.

Every key, its meaning and its default stand in docs/policy.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from stockade.model.advisory import Feed, FeedKind
from stockade.model.audit import Standing
from stockade.model.credential import Fault
from stockade.model.environment import Oddness
from stockade.model.project import ProjectName, Requirement

#: Ends a prefix of names; stands alone for every host.
ANY = "*"


class Mode(StrEnum):
    """Whether a refusal refuses."""

    ENFORCE = "enforce"
    MONITOR = "monitor"  #: report as always, and end with 0


class Action(StrEnum):
    """What a rule may ask for. Ordered from the mildest to the hardest."""

    ALLOW = "allow"
    ASK = "ask"
    UNDETERMINED = "undetermined"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        """0 for ALLOW … 3 for BLOCK; the highest of several wins."""
        return _ACTIONS.index(self)


_ACTIONS = tuple(Action)


class Condition(StrEnum):
    """What can be true of an artifact, one rule each.

    The first four follow from its assessment, the others are facts that the caller hands in.
    """

    FLAGGED = "flagged"  #: score >= thresholds.block
    SUSPICIOUS = "suspicious"  #: thresholds.ask <= score < thresholds.block
    CLEAN = "clean"  #: score < thresholds.ask
    LIMIT = "limit"  #: a limit gap that [gaps] does not accept
    UNCONFINED = "unconfined"  #: a wall of the analysing worker was missing
    NO_DIGEST = "no-digest"  #: the index or lock gives no SHA-256 to hold the bytes against
    TOO_NEW = "too-new"  #: uploaded less than minimum-age ago
    BRAND_NEW = "brand-new"  #: a release of hours, of a project of days ([cooldown])
    NO_UPLOAD_TIME = "no-upload-time"  #: the index does not say when, so its age is unknown (PEP 700)
    YANKED = "yanked"  #: PEP 592
    QUARANTINED = "quarantined"  #: PEP 792
    ARCHIVED = "archived"  #: PEP 792
    DEPRECATED = "deprecated"  #: PEP 792
    WRONG_INDEX = "wrong-index"  #: another index offers it than [[indexes]] lets serve its name
    OUTBID = "outbid"  #: its version is higher than all that another index offers, and policy doesn't say whose it is
    ALSO_PUBLIC = "also-public"  #: its name is private by [[indexes]], and a public project bears it, too
    MALICIOUS_ADVISORY = "malicious-advisory"  #: an advisory says that the release is malicious
    VULNERABLE = "vulnerable"  #: an advisory says that it is vulnerable
    STALE_ADVISORIES = (
        "stale-advisories"  #: a feed was not brought up to date for longer than [advisories] max-age
    )


DEFAULT_RULES: Mapping[Condition, Action] = MappingProxyType(
    {
        Condition.FLAGGED: Action.BLOCK,
        Condition.SUSPICIOUS: Action.ASK,
        Condition.CLEAN: Action.ALLOW,
        Condition.LIMIT: Action.UNDETERMINED,
        Condition.UNCONFINED: Action.ALLOW,
        Condition.NO_DIGEST: Action.UNDETERMINED,
        Condition.TOO_NEW: Action.ASK,
        Condition.BRAND_NEW: Action.BLOCK,
        Condition.NO_UPLOAD_TIME: Action.ALLOW,
        Condition.YANKED: Action.ASK,
        Condition.QUARANTINED: Action.BLOCK,
        Condition.ARCHIVED: Action.ALLOW,
        Condition.DEPRECATED: Action.ALLOW,
        Condition.WRONG_INDEX: Action.BLOCK,
        Condition.OUTBID: Action.ASK,
        Condition.ALSO_PUBLIC: Action.ALLOW,
        Condition.MALICIOUS_ADVISORY: Action.BLOCK,
        Condition.VULNERABLE: Action.ALLOW,
        Condition.STALE_ADVISORIES: Action.ALLOW,
    }
)


#: What an audit makes of what it finds, by the names in model/audit.py and model/environment.py.
DEFAULT_AUDIT: Mapping[str, Action] = MappingProxyType(
    {
        Standing.UNAUTHORISED: Action.BLOCK,
        Standing.MISSING: Action.ASK,
        Standing.CHANGED_VERSION: Action.ASK,
        Standing.DOWNGRADED: Action.BLOCK,
        Standing.MALICIOUS: Action.BLOCK,
        Standing.VULNERABLE: Action.ASK,
        Oddness.CHANGED: Action.BLOCK,
        Oddness.MISSING_FILE: Action.ALLOW,
        Oddness.ORPHAN: Action.ALLOW,
        Oddness.ORPHAN_STARTUP: Action.BLOCK,
        Oddness.CLAIMED_TWICE: Action.ALLOW,
        Oddness.FOREIGN_PACKAGE: Action.ASK,
        Oddness.SHADOWED_COMMAND: Action.ASK,
        Oddness.COMPILED_DIFFERS: Action.BLOCK,
        Oddness.COMPILED_STALE: Action.ALLOW,
        Oddness.NO_FILES: Action.ALLOW,
        Oddness.NO_RECORD: Action.ALLOW,
        Oddness.RECORD_OUTSIDE: Action.ASK,
        Oddness.BAD_METADATA: Action.ASK,
        Oddness.NOT_AS_PUBLISHED: Action.BLOCK,
    }
)


#: What `stockade creds check` makes of what is wrong with a credential.
DEFAULT_CREDENTIALS: Mapping[str, Action] = MappingProxyType(
    {
        Fault.READABLE: Action.BLOCK,
        Fault.REPOSITORY: Action.ASK,
        Fault.OLD: Action.BLOCK,
        Fault.NO_MFA: Action.BLOCK,
        Fault.UNKNOWN_MFA: Action.ALLOW,
        Fault.UNKNOWN_AGE: Action.ALLOW,
        Fault.LONG_LIVED: Action.ALLOW,
        Fault.UNLOCKED: Action.ALLOW,
    }
)


class DetectorRule(StrEnum):
    """What a policy may say of one detector."""

    IGNORE = "ignore"  #: its evidence is dropped before anything is scored
    BLOCK = "block"  #: any evidence of it blocks, whatever the score


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Scores in [0, 1] with ask <= block: from `block` on FLAGGED, from `ask` on SUSPICIOUS."""

    block: float
    ask: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempt:
    """A project that the cooldown does not apply to, until a day (aware), and why."""

    project: ProjectName
    until: datetime
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Serves:
    """The index at `url` may serve `names`, and no other may: normalised names, and prefixes that end in ``*``."""

    url: str
    names: tuple[str, ...]


#: Where OSV publishes all that it has about this ecosystem; asked by `stockade feed sync`, and by nothing else.
OSV_URL = "https://osv-vulnerabilities.storage.googleapis.com/PyPI/"
DEFAULT_FEEDS = (Feed(name="osv", kind=FeedKind.OSV, url=OSV_URL),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One effective policy.

    `source` names the file, for reports. `given` holds the dotted keys that the file sets; the rest are
    defaults. `block` and `ask` are None where the model's own thresholds hold. `accepted_gaps` are the
    reasons of limit gaps that are put up with. `yara_rules` are paths relative to the policy file, and so are
    `public_names`: snapshots of the names that a public index has. An index may redirect to itself and to
    `redirect_hosts` (ANY: all; ``*.`` stands for whatever is below a host). `counts` is where download counts come
    from.
    `feeds` are the sources of advisories, and their copies are stale when they are older than `feeds_age`.
    `audit` is what an audit makes of what it finds, `audit_allow` what may be in any environment. `credentials` is
    what `creds check` makes of what is wrong with one, which is old after `credentials_age`.
    With `provenance` attestations are verified, by the trust root in `trusted_root` ("": the one that ships).

    A project is new for `first_week`; a release of a new project must be `first_age` old, any other `minimum_age`,
    unless its project is `exempt` or, with `cooldown_fixes`, it fixes what older ones are exposed to.
    """

    source: str = "built-in defaults"
    given: frozenset[str] = frozenset()
    mode: Mode = Mode.ENFORCE
    minimum_age: timedelta = timedelta(days=3)
    first_week: timedelta = timedelta(days=7)
    first_age: timedelta = timedelta(days=1)
    cooldown_fixes: bool = True
    exempt: tuple[Exempt, ...] = ()
    block: float | None = None
    ask: float | None = None
    rules: Mapping[Condition, Action] = field(default_factory=lambda: DEFAULT_RULES)
    detectors: Mapping[str, DetectorRule] = field(default_factory=dict)
    accepted_gaps: tuple[str, ...] = ()
    waivers_allowed: bool = True
    waiver_days: int = 30
    yara_rules: tuple[str, ...] = ()
    provenance: bool = True
    trusted_root: str = ""
    indexes: tuple[Serves, ...] = ()
    public_names: tuple[str, ...] = ()
    redirect_hosts: tuple[str, ...] = (ANY,)
    counts: str = ""
    feeds: tuple[Feed, ...] = DEFAULT_FEEDS
    feeds_age: timedelta = timedelta(days=7)
    audit: Mapping[str, Action] = field(default_factory=lambda: DEFAULT_AUDIT)
    audit_allow: tuple[Requirement, ...] = ()
    credentials: Mapping[str, Action] = field(default_factory=lambda: DEFAULT_CREDENTIALS)
    credentials_age: timedelta = timedelta(days=90)

    def thresholds(self, model: Thresholds) -> Thresholds:
        """The thresholds in force: the policy's own where it sets them, else those of `model`.

        Where only one is set and the other would cross it, the other gives way.
        """
        block = model.block if self.block is None else self.block
        ask = model.ask if self.ask is None else self.ask
        if ask > block and self.ask is None:
            ask = block
        return Thresholds(block=max(block, ask), ask=ask)
