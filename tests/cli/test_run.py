"""`stockade run -- COMMAND`, with this environment's own pip as the command, against an index on loopback."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from stockade.act.gate.withheld import withheld
from stockade.model.project import ProjectName, Release, digest
from stockade.remember.durable.store import Durable
from tests.cli.conftest import Run, file_of
from tests.support.archives import wheel
from tests.support.gates import machine
from tests.support.index import TwinIndex
from tests.support.trojan import trojan

PIP = (sys.executable, "-m", "pip")


@pytest.fixture
def gated(run: Run, index: TwinIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs pip behind the gate; pip is set up with the loopback index."""
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    monkeypatch.setenv("PIP_LOG", str(tmp_path / "pip.log"))
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "data"))
    return run


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_what_is_allowed_comes_in_and_the_code_is_the_commands(gated: Run, tmp_path: Path) -> None:
    got = tmp_path / "got"
    ran = gated("run", "--", *PIP, "download", "-d", got, "alpha")
    assert ran.code == 0, ran.err
    assert files(got) == {"alpha-1.0-py3-none-any.whl", "beta-1.5-py3-none-any.whl"}
    assert "2 files judged and let through" in ran.err
    with Durable(tmp_path / "data/gate-1.sqlite3", note=print) as store:
        alpha = Release(name=ProjectName("alpha"), version="1.0")
        (seen,) = store.sightings([alpha])[alpha]
    assert seen.command.endswith(f" -m pip download -d {got} alpha") and seen.folder == os.getcwd()
    assert gated("run", "--", sys.executable, "-c", "raise SystemExit(7)").code == 7


def test_a_trojan_is_refused_in_pips_own_words_and_the_story_follows(
    gated: Run, index: TwinIndex, tmp_path: Path
) -> None:
    got = tmp_path / "got"
    ran = gated("run", "--", *PIP, "download", "--no-deps", "-d", got, "reqeusts")
    assert ran.code == 10
    assert files(got) == set()
    assert "Stockade: reqeusts 2.32.1 is blocked: it sends" in (tmp_path / "pip.log").read_text()
    assert "https://collect.reqeusts.invalid/in" in ran.err
    assert "stockade allow reqeusts==2.32.1 --sha256" in ran.err
    with Durable(tmp_path / "data/gate-1.sqlite3", note=print) as store:
        (entry,) = [one for one in store.recent(10) if one.project == "reqeusts"]
        assert (entry.action, entry.filename) == ("block", "reqeusts-2.32.1.tar.gz")
        assert len(store.condemned()) == 1
        assert store.deliveries_of(next(iter(store.condemned()))[0]) == ()


def test_a_flagged_requirement_two_words_down_refuses_what_brings_it(gated: Run, tmp_path: Path) -> None:
    got = tmp_path / "got"
    ran = gated("run", "--", *PIP, "download", "--no-deps", "-d", got, "gamma")  # --no-deps changes nothing
    assert ran.code == 10
    assert files(got) == set()
    assert "brought in by another" in ran.err


def test_a_waiver_lets_it_through_and_the_condemnation_does_not_stand_in_its_way(
    gated: Run, tmp_path: Path
) -> None:
    got = tmp_path / "got"
    command = ("run", "--", *PIP, "download", "--no-deps", "--no-build-isolation", "-d", got, "reqeusts")
    assert gated(*command).code == 10
    sha256 = digest(hashlib.sha256(trojan()).hexdigest())
    assert gated("allow", "reqeusts==2.32.1", "--sha256", sha256, "--because", "inert, for a test").code == 0
    ran = gated(*command)
    assert "1 file judged and let through" in ran.err
    with Durable(tmp_path / "data/gate-1.sqlite3", note=print) as store:
        assert [one.filename for one in store.deliveries_of(sha256)] == ["reqeusts-2.32.1.tar.gz"]
        assert store.recent(1)[0].waiver.startswith("waived until")


def test_an_index_that_only_the_command_names_is_judged_too(gated: Run, tmp_path: Path) -> None:
    got = tmp_path / "got"
    bad = [file_of("reqeusts", "2.32.1", trojan(), form="sdist")]
    with TwinIndex({"reqeusts": bad}) as other:
        ran = gated("run", "--", *PIP, "download", "--no-deps", "-d", got, "-i", other.url, "reqeusts")
        assert ran.code == 10, ran.err
        ran = gated("run", "--", *PIP, "download", "-d", got, f"{other.base}/files/reqeusts-2.32.1.tar.gz")
        assert ran.code == 10, ran.err
    assert files(got) == set()


def test_whatever_is_no_package_is_refused(gated: Run, index: TwinIndex) -> None:
    code = (
        "import os, urllib.error, urllib.request as r\n"
        f"try: r.urlopen({index.base + '/second-stage.sh'!r})\n"
        "except urllib.error.HTTPError as why: print(why.code, why.reason); raise SystemExit(5)"
    )
    assert gated("run", "--", sys.executable, "-c", code).code == 5
    assert index.hits("second-stage") == []
    host = "127.0.0.1"
    assert (
        gated("run", "--pass", host, "--", sys.executable, "-c", code).code == 5
    )  # reached: the index's own 404
    assert index.hits("second-stage") == ["/second-stage.sh"]


def test_folders_that_pip_is_set_up_with_are_served_by_the_gate(
    gated: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links, got = tmp_path / "links", tmp_path / "got"
    links.mkdir()
    (links / "reqeusts-2.32.1.tar.gz").write_bytes(trojan())
    (links / "local_one-1-py3-none-any.whl").write_bytes(wheel("local-one", "1", {"local_one.py": ""}))
    monkeypatch.setenv("PIP_FIND_LINKS", str(links))
    ran = gated("run", "--", *PIP, "download", "--no-deps", "-d", got, "local-one")
    assert ran.code == 0, ran.err
    assert files(got) == {"local_one-1-py3-none-any.whl"}
    ran = gated("run", "--", *PIP, "download", "--no-deps", "-d", got, "reqeusts")
    assert ran.code == 10, ran.err
    assert files(got) == {"local_one-1-py3-none-any.whl"}


def test_files_named_on_the_command_line_are_judged_before_it_starts(gated: Run, tmp_path: Path) -> None:
    bad, got = tmp_path / "reqeusts-2.32.1.tar.gz", tmp_path / "got"
    bad.write_bytes(trojan())
    ran = gated("run", "--", *PIP, "download", "--no-deps", "-d", got, bad)
    assert ran.code == 10, ran.err
    assert files(got) == set()


def test_roads_past_the_gate_keep_a_command_from_starting(gated: Run, tmp_path: Path) -> None:
    mark = tmp_path / "started"
    command = ("sudo", sys.executable, "-c", f"open({str(mark)!r}, 'w')")
    ran = gated("run", "--", *command)
    assert ran.code == 2
    assert "could install past the gate: sudo" in ran.err
    assert not mark.exists()


def test_an_installer_gets_no_secret_of_the_environment_and_a_script_does(
    gated: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CLOUD_SECRET_ACCESS_KEY", "not-a-real-one")
    told = tmp_path / "told.json"
    code = f"import json, os; json.dump(dict(os.environ), open({str(told)!r}, 'w'))"
    assert gated("run", "--", sys.executable, "-c", code).code == 0
    assert "CLOUD_SECRET_ACCESS_KEY" in json.loads(told.read_text())
    ran = gated("run", "--", *PIP, "--version")
    assert "kept from" in ran.err
    assert "CLOUD_SECRET_ACCESS_KEY" in ran.err
    assert "not-a-real-one" not in ran.err
    env = {"CLOUD_SECRET_ACCESS_KEY": "1", "UV_CACHE_DIR": "/tmp", "PATHS": "1", "SSH_AUTH_SOCK": "1"}
    assert withheld(["uv", "sync"], env) == ("CLOUD_SECRET_ACCESS_KEY",)
    assert withheld(["uv", "run", "app"], env) == ()
    assert withheld(["make"], env) == ()
    assert withheld(["uv", "sync"], env, {"CLOUD_SECRET_ACCESS_KEY"}) == ()


def test_the_child_is_not_told_of_our_token_by_its_arguments_and_nothing_is_left_behind(
    gated: Run, tmp_path: Path
) -> None:
    told = tmp_path / "told.json"
    code = f"import json, os, sys; json.dump([dict(os.environ), sys.argv], open({str(told)!r}, 'w'))"
    assert gated("run", "--", sys.executable, "-c", code).code == 0
    env, argv = json.loads(told.read_text())
    assert "stockade:" in env["HTTPS_PROXY"]
    assert not any("stockade:" in word for word in argv)
    assert not os.path.exists(env["SSL_CERT_FILE"])


def test_usage(gated: Run) -> None:
    assert gated("run").code == 2
    ran = gated("run", "--", "no-such-command-here")
    assert ran.code == 2
    assert "there is no command 'no-such-command-here'" in ran.err


def test_the_story_as_json(gated: Run, tmp_path: Path) -> None:
    out = tmp_path / "story.json"
    ran = gated(
        "run", "--format", "json", "--output", out, "--", *PIP, "download", "-d", tmp_path / "got", "reqeusts"
    )
    assert ran.code == 10
    document = json.loads(out.read_text())
    assert document["schema"] == "stockade-check-1"
    assert [release["action"] for release in document["releases"]] == ["block"]


@pytest.mark.parametrize(("answer", "code", "got"), [("y", 0, 2), ("n", 12, 0)])
def test_a_person_at_the_terminal_may_say_yes_and_the_command_runs_again(
    index: TwinIndex, tmp_path: Path, answer: str, code: int, got: int
) -> None:
    (tmp_path / "stockade.toml").write_text('version = 1\n[rules]\nclean = "ask"\n')
    main = [sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())", "run", "--"]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*main, *PIP, "download", "-d", str(tmp_path / "got"), "alpha"],
        env=machine(tmp_path, PIP_INDEX_URL=index.url),
        cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # the terminal is gone when the process is
        while data := os.read(ours, 4096):
            said += data
            if said.endswith(b"[y/N] "):
                os.write(ours, f"{answer}\n".encode())
    os.close(ours)
    assert process.wait(30) == code, said.decode()
    assert len(files(tmp_path / "got")) == got
    assert b"Allow it this time, and run the command again?" in said


def test_what_a_command_writes_into_the_folder_does_not_change_its_own_rules(
    gated: Run, tmp_path: Path
) -> None:
    """A build step that allows what comes after it."""
    Path("stockade.toml").write_text("version = 1\n")
    got = tmp_path / "got"
    code = (
        "import subprocess, sys, time; "
        "open('stockade.toml', 'w').write('version = 1\\n[rules]\\nflagged = \"allow\"\\n'); time.sleep(1.5); "
        f"sys.exit(subprocess.call([*{PIP!r}, 'download', '--no-deps', '-d', {str(got)!r}, 'reqeusts']))"
    )
    ran = gated("run", "--", sys.executable, "-c", code)
    assert "allow" in Path("stockade.toml").read_text()
    assert ran.code == 10, ran.err
    assert files(got) == set()
