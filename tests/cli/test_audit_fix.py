"""`stockade audit --fix`: what policy blocks goes or comes back, exactly, with a copy; the rest is left and said."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import tarfile
from functools import partial
from pathlib import Path

import pytest

from stockade import limits
from stockade.act.fixing import held
from stockade.act.fixing.carry import carry_out
from stockade.act.fixing.plan import PutBack, Step, TakeOut
from stockade.errors import FixFailed
from tests.acquire.environments.making import Made, conda
from tests.cli.conftest import Run
from tests.cli.test_audit import THIEF, honest, unpacked
from tests.remember.test_feeds import put
from tests.support import advisories
from tests.support.archives import wheel
from tests.support.audits import AUDIT
from tests.support.index import TwinIndex


def files(made: Made) -> dict[str, bytes]:
    """Everything in an environment."""
    return {
        str(one.relative_to(made.root)): one.read_bytes() for one in made.root.rglob("*") if one.is_file()
    }


def locked(*names: str) -> tuple[str, ...]:
    Path("requirements.txt").write_text("".join(f"{name}==1.0 --hash=sha256:{'0' * 64}\n" for name in names))
    return ("audit", "--no-code", "--against", "requirements.txt", "--fix")


def backup(out: str, made: Made) -> None:
    """Unpack the copy that `out` names into the environment."""
    (line,) = [line for line in out.splitlines() if line.startswith("what was there is in ")]
    path = Path(line.removeprefix("what was there is in "))
    assert path.stat().st_mode & 0o777 == 0o600
    with tarfile.open(path) as archive:
        archive.extractall(made.root, filter="fully_trusted")


def test_an_unauthorised_distribution_goes_whole_and_can_be_brought_back(run: Run) -> None:
    made = honest()
    before = files(made)
    made.install(
        "stranger", files={"stranger/__init__.py": "", "stranger/deep/a.py": ""}, record="../../../bin/st,,\n"
    )
    (made.bin / "st").write_text("#!/bin/sh\n")
    made.write("stranger/deep/__pycache__/a.cpython-312.pyc", b"\0" * 16)
    whole = files(made)
    fix = locked("alpha", "beta")
    ran = run(*fix, "--dry-run")
    assert ran.code == 10
    assert "would take out stranger 1.0 (7 files): unauthorised" in ran.out
    assert files(made) == whole
    ran = run(*fix)
    assert ran.code == 0, ran.out
    assert files(made) == before
    assert not (made.site / "stranger").exists()
    assert "takes out stranger 1.0" in ran.out and "1 allowed" in ran.out
    backup(ran.out, made)
    assert files(made) == whole


def test_what_another_claims_too_stays_for_it(run: Run) -> None:
    made = honest()
    made.install("alpha-twin", files={"alpha/__init__.py": "ONE = 1\n", "twin.py": ""})
    assert run(*locked("alpha", "beta")).code == 0
    assert (made.site / "alpha/__init__.py").exists()
    assert not (made.site / "twin.py").exists()


@pytest.mark.parametrize(
    "spelt", ["linked/__init__.py,,\n", "x,,\x0b../site-packages/alpha/__init__.py,,\n"], ids=["link", "line"]
)
def test_what_another_claims_stays_however_it_is_spelt(run: Run, spelt: str) -> None:
    made = honest()
    (made.site / "linked").symlink_to("alpha")
    made.install("twin", files={"twin.py": ""}, record=spelt)
    run(*locked("alpha", "beta"))
    assert (made.site / "alpha/__init__.py").exists()
    assert not (made.site / "twin.py").exists()


def test_a_folder_that_a_record_lists_keeps_nothing_from_going(run: Run) -> None:
    made = honest()
    before = files(made)
    made.install("stranger", files={"stranger/deep/a.py": ""}, record="stranger,,\nstranger/deep/,,\n")
    ran = run(*locked("alpha", "beta"))
    assert ran.code == 0, ran.err
    assert files(made) == before and not (made.site / "stranger").exists()


@pytest.mark.parametrize("claimed", ["pyvenv.cfg", "bin/python", "bin/activate", "src/mine.py"])
def test_what_no_installer_put_there_never_goes(run: Run, claimed: str) -> None:
    made = honest()
    made.install("stranger", files={"stranger.py": ""}, record=f"../../../{claimed},,\n")
    path = made.root / claimed
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_text("")
    ran = run(*locked("alpha", "beta"))
    assert ran.code == 10
    assert (
        "leaves stranger 1.0: it claims" in ran.out and f"{claimed}, which no distribution brings" in ran.out
    )
    assert path.exists() and (made.site / "stranger.py").exists()


def test_a_condemned_release_goes_and_a_stray_start_up_file_too(run: Run, tmp_path: Path) -> None:
    made = honest()
    made.install("acloud-client", "1.0.1")
    made.write("zz.pth", "import os\n")
    put(tmp_path / "data/feeds", *advisories.incident_records())
    ran = run("audit", "--no-code", "--fix", "--format", "json")
    assert ran.code == 0, ran.err
    (environment,) = json.loads(ran.out)["environments"]
    assert environment["findings"] == []
    assert (
        "takes out acloud-client 1.0.1" in ran.err
        and "takes out lib/python3.12/site-packages/zz.pth" in ran.err
    )


def test_of_two_versions_of_one_project_each_goes_or_stays_by_itself(run: Run, tmp_path: Path) -> None:
    made = honest()
    made.install("acloud-client", "1.0.1", files={"one.py": ""})
    made.install("acloud-client", "9.0", files={"other.py": ""})
    put(tmp_path / "data/feeds", *advisories.incident_records())
    ran = run("audit", "--no-code", "--fix")
    assert "takes out acloud-client 1.0.1" in ran.out and "9.0 (" not in ran.out
    assert not (made.site / "one.py").exists() and (made.site / "other.py").exists()


def test_a_distribution_whose_code_is_refused_goes(run: Run) -> None:
    made = honest()
    made.install("gamma", files={"gamma/__init__.py": THIEF})
    ran = run("audit", "--fix")
    assert ran.code == 0, ran.out
    assert "takes out gamma 1.0" in ran.out and "its code is refused" in ran.out


def test_a_changed_file_gets_its_published_bytes_again(run: Run, index: TwinIndex) -> None:
    made = Made(Path(".venv").absolute())
    unpacked(made, wheel("beta", "1.5", {"beta.py": "TWO = 2\n"}))
    made.write("beta.py", "TWO = 3\n")
    ran = run("audit", "--no-code", "--fix")
    assert ran.code == 10 and "its original is not at hand" in ran.out
    ran = run("audit", "--no-code", "--fix", "--verify-index", "--index-url", index.url)
    assert ran.code == 0, ran.out
    assert (made.site / "beta.py").read_text() == "TWO = 2\n"
    backup(ran.out, made)
    assert (made.site / "beta.py").read_text() == "TWO = 3\n"


def test_other_bytes_than_promised_are_never_put_there(run: Run, index: TwinIndex) -> None:
    """The index has another file under that name than this RECORD promises: then nothing is exact."""
    made = Made(Path(".venv").absolute())
    made.install("beta", "1.5", files={"beta.py": "TWO = 'ours'\n"})
    made.write("beta.py", "TWO = 'edited'\n")
    ran = run("audit", "--no-code", "--fix", "--verify-index", "--index-url", index.url)
    assert ran.code == 10
    assert (made.site / "beta.py").read_text() == "TWO = 'edited'\n"


def test_what_cannot_be_done_exactly_is_left_and_said(run: Run, tmp_path: Path) -> None:
    made = honest()
    made.install(
        "editable", marks={"direct_url.json": '{"url": "file:///srv/x", "dir_info": {"editable": true}}'}
    )
    made.install("unlisted")
    (made.site / "unlisted-1.0.dist-info/RECORD").unlink()
    made.install("outside", record=f"{tmp_path}/elsewhere.py,,\n")
    (tmp_path / "elsewhere.py").write_text("")
    (made.site / "linked").symlink_to(tmp_path)
    made.install("through", record="linked/elsewhere.py,,\n")
    whole = files(made)
    ran = run(*locked("alpha", "beta"))
    assert ran.code == 10
    for said in (
        "leaves editable 1.0: it is editable",
        "leaves unlisted 1.0: nothing lists its files",
        "leaves outside 1.0: it claims",
        "leaves through 1.0: it claims",
    ):
        assert said in ran.out
    assert files(made) == whole and (tmp_path / "elsewhere.py").exists()
    assert not (tmp_path / "data/backups").exists()


def test_what_others_manage_is_theirs_to_mend(run: Run) -> None:
    root = Path("conda")
    conda(root, "demo", {"lib/python3.12/site-packages/demo.py": ""})
    made = Made(root.absolute() / "x", config="")
    made.write("demo.py", "")
    site = root.absolute() / "lib/python3.12/site-packages"
    (site / "zz.pth").write_text("import os\n")
    ran = run("audit", "--no-code", "--fix", "conda")
    assert ran.code == 10
    assert "it is a conda environment: who manages it must mend it" in ran.out
    assert (site / "zz.pth").exists()


def test_in_an_honest_environment_nothing_is_done(run: Run, tmp_path: Path) -> None:
    made = honest()
    whole = files(made)
    ran = run("audit", "--no-code", "--fix")
    assert ran.code == 0 and "takes out" not in ran.out
    assert files(made) == whole and not (tmp_path / "data/backups").exists()


def test_dry_run_alone_is_a_slip(run: Run) -> None:
    ran = run("audit", "--dry-run")
    assert ran.code == 2 and "--dry-run goes with --fix or --every" in ran.err


def step(path: Path) -> TakeOut:
    return TakeOut(what="x", why="y", paths=(str(path),))


def test_without_a_copy_nothing_goes(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("x")
    (tmp_path / "backups").write_text("a file where the folder should be")
    with pytest.raises(FixFailed, match="nothing was changed"):
        carry_out([step(victim)], str(tmp_path), tmp_path / "backups", AUDIT.at)
    assert victim.exists()


def test_what_cannot_be_removed_is_said_with_the_copy(tmp_path: Path) -> None:
    folder = tmp_path / "env/folder"
    folder.mkdir(parents=True)
    with pytest.raises(FixFailed, match="what went is in"):
        carry_out([step(folder)], str(tmp_path / "env"), tmp_path / "backups", AUDIT.at)


@pytest.mark.parametrize("kind", ["file", "link", "pipe", "socket"])
def test_what_went_comes_back_as_it_was(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "env"
    root.mkdir()
    victim = root / "victim"
    if kind == "file":
        victim.write_bytes(b"x" * 5000)
        victim.chmod(0o750)
    elif kind == "link":
        victim.symlink_to("nowhere")
    elif kind == "pipe":
        os.mkfifo(victim)
    else:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(str(victim))
    before = victim.lstat()
    archive = carry_out([step(victim)], str(root), tmp_path / "backups", AUDIT.at)
    assert archive is not None and not os.path.lexists(victim)
    with tarfile.open(archive) as tar:
        tar.extractall(root, filter="fully_trusted")
    if kind == "socket":
        assert not list(root.iterdir())  # nobody listens there any more
        return
    after = victim.lstat()
    assert (after.st_mode, after.st_size, after.st_uid) == (before.st_mode, before.st_size, before.st_uid)
    if kind == "file":
        assert victim.read_bytes() == b"x" * 5000 and after.st_mtime == pytest.approx(before.st_mtime)
    if kind == "link":
        assert os.readlink(victim) == "nowhere"


def test_larger_than_a_copy_may_be_nothing_goes_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is all hole has any size; two that fit alone count together."""
    monkeypatch.setattr(limits, "MAX_BACKUP", 100 << 10)
    root = tmp_path / "env"
    root.mkdir()
    for name in ("a", "b"):
        (root / name).write_bytes(b"x")
        os.truncate(root / name, 60 << 10)
    both = TakeOut(what="x", why="y", paths=(str(root / "a"), str(root / "b")))
    with pytest.raises(FixFailed, match=r"nothing was changed: .*/b: .* larger than a copy may be"):
        carry_out([both], str(root), tmp_path / "backups", AUDIT.at)
    assert sorted(one.name for one in root.iterdir()) == ["a", "b"]
    assert list((tmp_path / "backups").iterdir()) == []
    assert carry_out([step(root / "a")], str(root), tmp_path / "backups", AUDIT.at) is not None


@pytest.mark.parametrize("where", ["folder", "file"])
def test_no_bytes_from_elsewhere_come_into_the_copy(tmp_path: Path, where: str) -> None:
    root, home = tmp_path / "env", tmp_path / "home"
    root.mkdir()
    home.mkdir()
    (home / "victim").write_text("a secret of mine")
    if where == "folder":
        (root / "folder").symlink_to(home)
    else:
        (root / "folder").mkdir()
        (root / "folder/victim").symlink_to(home / "victim")
    with contextlib.suppress(FixFailed):
        carry_out([step(root / "folder/victim")], str(root), tmp_path / "backups", AUDIT.at)
    assert all(b"a secret" not in one.read_bytes() for one in (tmp_path / "backups").iterdir())
    assert (home / "victim").exists()


def test_two_copies_of_one_second_are_two_files(tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
        made.append(carry_out([step(tmp_path / name)], str(tmp_path), tmp_path / "backups", AUDIT.at))
    assert made[0] != made[1] and len(list((tmp_path / "backups").iterdir())) == 2


def led_away(tmp_path: Path) -> tuple[Path, Path, str]:
    """An environment in which somebody put a link to a home where a folder was, that home, and the planned path."""
    root, home = tmp_path / "env", tmp_path / "home"
    root.mkdir()
    home.mkdir()
    (home / "victim").write_text("mine")
    (root / "folder").symlink_to(home)
    return root, home, str(root / "folder/victim")


@pytest.mark.parametrize("putting", [False, True], ids=["out", "back"])
def test_a_link_put_where_a_folder_was_leads_nowhere(tmp_path: Path, putting: bool) -> None:
    root, home, path = led_away(tmp_path)
    back = PutBack(path=path, data=b"theirs", what="x", why="y")
    doing: Step = back if putting else TakeOut(what="x", why="y", paths=(path,))
    with pytest.raises(FixFailed, match=r"nothing was changed: .*folder/victim: Not a directory"):
        carry_out([doing], str(root), tmp_path / "backups", AUDIT.at)
    assert (home / "victim").read_text() == "mine"
    assert [one.name for one in home.iterdir()] == ["victim"]


@pytest.mark.parametrize("putting", [False, True], ids=["out", "back"])
def test_nor_does_one_that_is_put_there_after_the_copy(tmp_path: Path, putting: bool) -> None:
    root, home, path = led_away(tmp_path)
    do = partial(held.put, path, b"theirs") if putting else partial(held.unlink, path)
    with pytest.raises(NotADirectoryError) as why:
        do(str(root))
    assert why.value.filename == path
    assert (home / "victim").read_text() == "mine"
    assert [one.name for one in home.iterdir()] == ["victim"]


def test_what_lies_beside_the_environment_stays(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    (tmp_path / "victim").write_text("mine")
    with pytest.raises(FixFailed, match="outside of the environment"):
        carry_out([step(tmp_path / "victim")], str(tmp_path / "env"), tmp_path / "backups", AUDIT.at)
    assert (tmp_path / "victim").exists()


def test_what_cannot_be_put_back_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "env/folder").mkdir(parents=True)
    back = PutBack(path=str(tmp_path / "env/folder"), data=b"new", what="x", why="y")
    with pytest.raises(FixFailed, match="folder stays"):
        carry_out([back], str(tmp_path / "env"), tmp_path / "backups", AUDIT.at)
    assert [one.name for one in (tmp_path / "env").iterdir()] == ["folder"]
