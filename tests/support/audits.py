"""An audit to print: environments in order and not, with text that an attacker might have written. All inert."""

from __future__ import annotations

from datetime import UTC, datetime

from stockade.act.report.audited import AuditReport, EnvironmentReport, hardest_first
from stockade.model.audit import Finding
from stockade.model.environment import Environment, EnvironmentKind, Installed, Origin
from stockade.model.project import ProjectName, Release
from stockade.model.sighting import Changes, Moved
from tests.support.reports import BLOCKED, CLEAN, NASTY

SITE = "/srv/shop/.venv/lib/python3.11/site-packages"


def installed(name: str, version: str, **more: str) -> Installed:
    return Installed(
        name=ProjectName(name),
        version=version,
        folder=f"{SITE}/{name}-{version}.dist-info",
        site=SITE,
        installer=more.get("installer", "pip"),
        origin=Origin(url=more["url"], editable=True) if "url" in more else None,
        at=datetime(2030, 1, 8, 14, 2, tzinfo=UTC),
    )


ENVIRONMENT = Environment(
    root="/srv/shop/.venv",
    kind=EnvironmentKind.VIRTUALENV,
    site=(SITE,),
    python="3.11.4",
    via=".venv of the project",
)
FINDINGS = hardest_first(
    [
        Finding(kind="orphan-file", action="allow", path=f"{SITE}/notes.txt"),
        Finding(
            kind="unauthorised",
            action="block",
            project="stranger",
            version="1.0",
            path=f"{SITE}/stranger-1.0.dist-info",
            detail="not in uv.lock; put here by pip, 2030-01-08 14:02",
        ),
        Finding(
            kind="vulnerable",
            action="ask",
            project="requests",
            version="2.0",
            detail="CVE-2030-1: it hands on <b>more</b> than it should",
            fix="upgrade to 2.1",
            advisory="CVE-2030-1",
        ),
        Finding(
            kind="malicious",
            action="block",
            project="stranger",
            version="1.0",
            detail=f"MAL-2030-1: {NASTY}",
            fix="take it out",
            advisory="MAL-2030-1",
        ),
        Finding(kind="orphan-startup", action="block", path=f"{SITE}/{NASTY}.pth", detail="runs <script>"),
        *(
            Finding(
                kind="changed-file",
                action="block",
                project="requests",
                version="2.0",
                path=f"{SITE}/r/{n}.py",
            )
            for n in range(8)
        ),
        Finding(kind="missing", action="ask", project="absent", detail="uv.lock says that it belongs here"),
    ]
)
BAD = EnvironmentReport(
    environment=ENVIRONMENT,
    installed=(
        installed("requests", "2.0"),
        installed("stranger", "1.0", installer=""),
        installed("own", "0", url="file:///srv/shop"),
    ),
    findings=FINDINGS,
    artifacts=(CLEAN, BLOCKED),
    authorities=("uv.lock",),
    changes=Changes(
        since=datetime(2030, 1, 9, tzinfo=UTC),
        added=(Release(name=ProjectName("stranger"), version="1.0"),),
        removed=(Release(name=ProjectName("left"), version=NASTY),),
        moved=(Moved(project=ProjectName("requests"), before="1.9", after="2.0"),),
    ),
    gaps=("/srv/shop/.venv/lib/x cannot be read: Permission denied.",),
)
GOOD = EnvironmentReport(
    environment=Environment(
        root="/home/ann/tools/black", kind=EnvironmentKind.UV_TOOL, site=("/s",), name="black"
    ),
    installed=(installed("black", "30.1"),),
    changes=Changes(),
)
AUDIT = AuditReport(
    environments=(BAD, GOOD),
    at=datetime(2030, 1, 10, 12, tzinfo=UTC),
    policy="stockade.toml",
    advisories="malicious: 3 hours old",
    notes=("nothing was left out",),
    walls=("landlock", "seccomp"),
)
EMPTY = AuditReport(environments=(), at=datetime(2030, 1, 10, 12, tzinfo=UTC), policy="built-in defaults")
