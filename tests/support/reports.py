"""Reports to print: one of each kind, with text that an attacker might have written. All inert."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

from stockade.act.report.types import ArtifactReport, CheckReport, release_report
from stockade.analyse.judge import Explanation, Term
from stockade.decide.decide import waive_command
from stockade.model.evidence import Evidence, Gap, GapKind, Location, Phase, Step
from stockade.model.project import Digest

SHA_A, SHA_B = Digest("a" * 64), Digest("b" * 64)
AT = datetime(2030, 1, 10, 12, tzinfo=UTC)

#: What must never reach a terminal as it is: ESC, CSI, BEL, CR, bidi, zero width, tags, a lone surrogate.
NASTY = "\x1b[2J\x9b31m\x07\r\u202egpj\u202c\u200b\U000e0041\udcff[red]x[/red]"


def seen(
    detector: str, message: str, file: str, line: int | None, phase: Phase | None, excerpt: str = ""
) -> Evidence:
    """One piece of evidence."""
    return Evidence(
        detector=detector, message=message, where=Location(file=file, line=line), phase=phase, excerpt=excerpt
    )


EVIDENCE = (
    seen(
        "install-shell", "runs a command through a shell", "setup.py", 14, Phase.INSTALL, 'os.system("curl")'
    ),
    seen("install-shell", "runs a command through a shell", "setup.py", 19, Phase.INSTALL, 'os.system("id")'),
    replace(
        seen(
            "import-network",
            "opens a connection",
            "reqeusts/api.py",
            3,
            Phase.IMPORT,
            f"connect('x') {NASTY}",
        ),
        where=Location(file="reqeusts/api.py", line=3, layer=1),
    ),
    seen(
        "name-disagreement", "has another name in its metadata than in its file name", "PKG-INFO", None, None
    ),
)
LIMIT = Gap(kind=GapKind.LIMIT, what=f"data/{NASTY}.bin", why="is encrypted")
SCOPE = Gap(kind=GapKind.SCOPE, what="x.so", why="is a native binary")

CLEAN = ArtifactReport(
    artifact="dist/requests-2.32.3-py3-none-any.whl",
    sha256=SHA_B,
    project="requests",
    version="2.32.3",
    verdict="clean",
    score=0.02,
    action="allow",
    reasons=("its score is 0.02",),
    gaps=(SCOPE,),
    seconds=0.0123456,
)
BLOCKED = ArtifactReport(
    artifact="reqeusts-2.32.1.tar.gz",
    sha256=SHA_A,
    project="reqeusts",
    version="2.32.1",
    verdict="flagged",
    score=0.99,
    action="block",
    reasons=("its score 0.99 reaches 0.62, from where on it is blocked",),
    evidence=EVIDENCE,
    gaps=(LIMIT, SCOPE),
    waive=waive_command("reqeusts", "2.32.1", SHA_A),
)
TWIN = replace(
    BLOCKED,
    artifact="reqeusts-2.32.1-py3-none-any.whl",
    sha256=SHA_B,
    score=0.97,
    reasons=("its score 0.97 reaches 0.62, from where on it is blocked",),
    waive=waive_command("reqeusts", "2.32.1", SHA_B),
)
UNDETERMINED = replace(
    CLEAN,
    artifact="odd.tar.gz",
    project="",
    version="",
    verdict="unknown",
    action="undetermined",
    reasons=("1 part of it could not be looked at, and the policy does not accept that",),
    gaps=(LIMIT,),
    waive=waive_command("", "", SHA_B),
)
ASK = replace(CLEAN, action="ask", reasons=("it was uploaded less than 3d ago", "its score is 0.02"))


def step(file: str, line: int, what: str, artifact: str = "") -> Step:
    """One step of a way."""
    return Step(where=Location(file=file, line=line), what=what, artifact=artifact)


HELPER = "clock_drift-0.0.2-py3-none-any.whl"
#: A caller's secret on its way from a clone through a helper to a host, and back.
FLOW = Evidence(
    detector="secret-leaves-package",
    message="hands its caller's `access_key_secret` to clock-drift when its code is called",
    where=Location(file="skycloud/client.py", line=47),
    phase=Phase.CALL,
    path=(
        step("skycloud/client.py", 31, "comes in as `access_key_secret`"),
        step("skycloud/client.py", 47, "is kept in the field `_drift_stamp`"),
        step("clock_drift/__init__.py", 10, "comes in as `stamp`", HELPER),
        step("clock_drift/__init__.py", 17, f"is sent to {NASTY}", HELPER),
        step("skycloud/client.py", 60, "comes back"),
    ),
)
CLONE = replace(
    BLOCKED,
    artifact="dist/skycloud_client-1.0.1-py3-none-any.whl",
    project="skycloud-client",
    version="1.0.1",
    evidence=(FLOW,),
    gaps=(),
    waive="",
)
UNFETCHED = replace(UNDETERMINED, artifact="gone-1.tar.gz", sha256="", waive="", gaps=())
EXPLAINED = replace(
    BLOCKED,
    explanation=Explanation(
        intercept=-3.0,
        file="setup.py",
        terms=(
            Term(detector="install-shell", phases=(Phase.INSTALL,), log_odds=6.0, share=0.8),
            Term(
                detector="import-network",
                phases=(Phase.IMPORT, Phase.CALL),
                log_odds=1.5,
                share=0.2,
                prior=True,
            ),
            Term(detector="name-disagreement", phases=(), log_odds=0.0, share=0.0),
        ),
        total=4.5,
        score=0.989,
    ),
)
ALL = (CLEAN, BLOCKED, TWIN, UNDETERMINED, ASK, UNFETCHED)

CHECK = CheckReport(
    requested=("reqeusts", f"requests=={NASTY}"),
    releases=(
        release_report("reqeusts", "2.32.1", (TWIN, BLOCKED), direct=True),
        release_report("requests", "2.32.3", (CLEAN,), direct=False),
        release_report("gone", "1", (UNFETCHED,), direct=False),
    ),
    at=AT,
    policy="stockade.toml",
    index="the test index",
    python="3.11.7 (as asked)",
    gaps=(
        Gap(kind=GapKind.SCOPE, what="left-pad", why="has only an sdist whose metadata could not be read"),
    ),
    notes=("Releases of the last 3 days were left out.",),
    walls=("landlock", "seccomp"),
)


class Screen(io.StringIO):
    """A stream that says what it is."""

    def __init__(self, *, terminal: bool = False, encoding: str = "utf-8") -> None:
        super().__init__()
        self._terminal, self._encoding = terminal, encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self._terminal
