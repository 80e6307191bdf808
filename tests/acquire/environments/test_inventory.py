"""What an environment holds, and what about its files is not as it should be."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.environments import startup
from stockade.acquire.environments.find import environment_at, find
from stockade.acquire.environments.inventory import inventory
from stockade.acquire.environments.siphash import source_hash
from stockade.model.environment import Oddness
from tests.acquire.environments.making import Kept, Made, compiled, conda, put, told
from tests.support.archives import record_hash


@pytest.fixture
def env(tmp_path: Path) -> Made:
    return Made(tmp_path / "env")


SITE = "lib/python3.12/site-packages"


class TestInstalled:
    """What metadata says."""

    def test_a_distribution(self, env: Made) -> None:
        metadata = b"Name: Alpha.One\nVersion: 1.0\nRequires-Dist: beta>=1;\n python_version>'3'\n"
        env.install("Alpha_One", "1.0", metadata=metadata, marks={"REQUESTED": ""})
        (one,) = env.inventory().installed
        assert (one.name, one.version, one.installer, one.requested) == ("alpha-one", "1.0", "pip", True)
        assert one.requires == ("beta>=1;\npython_version>'3'",)
        assert one.files == 5
        assert one.at is not None
        assert one.at.timestamp() == 1_700_000_000
        assert one.folder == str(env.site / "Alpha_One-1.0.dist-info")
        assert one.site == str(env.site)

    def test_whether_it_was_asked_for_is_known_of_installers_that_say_so(self, env: Made) -> None:
        env.install("alpha")
        env.install("beta", marks={"INSTALLER": "conda\n"})
        assert [one.requested for one in env.inventory().installed] == [False, None]

    def test_where_it_came_from_without_its_login(self, env: Made) -> None:
        said = {
            "url": "https://ada:secret@git.example/x.git",
            "vcs_info": {"vcs": "git", "commit_id": "abc", "requested_revision": "main"},
        }
        env.install("alpha", marks={"direct_url.json": json.dumps(said)})
        archive = {"url": "https://host.example/a.whl", "archive_info": {"hash": "sha256=00ff"}}
        env.install("beta", marks={"direct_url.json": json.dumps(archive)})
        alpha, beta = env.inventory().installed
        assert alpha.origin is not None
        assert (alpha.origin.url, alpha.origin.commit) == ("https://git.example/x.git", "abc")
        assert beta.origin is not None
        assert beta.origin.sha256 == "00ff"

    def test_an_editable_installation_and_what_pth_files_add(self, env: Made, tmp_path: Path) -> None:
        project = tmp_path / "project"
        (project / "src").mkdir(parents=True)
        said = {"url": project.as_uri(), "dir_info": {"editable": True}}
        files = {"__editable__.mine-1.0.pth": f"{project}/src\n"}
        env.install("mine", files=files, marks={"direct_url.json": json.dumps(said)})
        found = env.inventory()
        (one,) = found.installed
        assert one.origin is not None
        assert one.origin.editable
        assert found.added == (str(project / "src"), str(project))
        assert found.oddities == ()

    @pytest.mark.parametrize("text", ["{", "[]", '{"url": 3}', "\udcff", "[" * 200_000])
    def test_an_origin_that_cannot_be_read_is_a_sentence(self, env: Made, text: str) -> None:
        env.install("alpha", marks={"direct_url.json": text.encode("utf-8", "surrogateescape")})
        found = env.inventory()
        assert found.installed[0].origin is None
        assert len(found.gaps) == 1

    def test_eggs_and_links(self, env: Made, tmp_path: Path) -> None:
        info = env.site / "old-1.0-py3.12.egg-info"
        put(info / "PKG-INFO", "Name: old\nVersion: 1.0\n")
        put(info / "installed-files.txt", "../old.py\nPKG-INFO\n")
        env.write("old.py", "")
        env.write("flat-2.0.egg-info", "Name: flat\nVersion: 2.0\n")
        env.write("flat.py", "")
        env.write("whole-3.0-py3.12.egg/EGG-INFO/PKG-INFO", "Name: whole\nVersion: 3.0\n")
        env.write("whole-3.0-py3.12.egg/whole.py", "")
        env.write("zipped-4.0-py3.12.egg", "")
        put(tmp_path / "project/linked.egg-info/PKG-INFO", "Name: linked\nVersion: 5.0\n")
        env.write("linked.egg-link", f"{tmp_path}/project\n.\n")
        env.write("easy-install.pth", f"{tmp_path}/project\n./whole-3.0-py3.12.egg\n")
        found = env.inventory()
        assert {(one.name, one.version) for one in found.installed} == {
            ("old", "1.0"),
            ("flat", "2.0"),
            ("whole", "3.0"),
            ("zipped", "4.0"),
            ("linked", "5.0"),
        }
        assert {(one.kind, one.project) for one in found.oddities} == {
            (Oddness.NO_RECORD, "flat"),
            (Oddness.NO_RECORD, "whole"),
            (Oddness.NO_RECORD, "zipped"),
        }


def test_an_environment_as_it_should_be(env: Made) -> None:
    env.install(
        "alpha", files={"alpha/__init__.py": "", "alpha/data.txt": "x", "../../../bin/alpha": "#!python\n"}
    )
    env.install("meta", files={"meta-1.0.dist-info/WHEEL": "x"})
    for name in (
        "python",
        "python3.12",
        "activate",
        "Activate.ps1",
        "activate.fish",
        "deactivate.bat",
        "pydoc.bat",
    ):
        if name.startswith("python"):
            (env.bin / name).symlink_to("/usr/bin/python3")
        else:
            put(env.bin / name, "")
    assert env.oddities() == []


class TestRecord:
    """Files against the digests that claim them."""

    def test_an_edited_file_and_a_missing_one(self, env: Made) -> None:
        env.install("alpha", files={"alpha/a.py": "ONE = 1\n", "alpha/b.py": "TWO = 2\n", "alpha/c.py": "x"})
        env.write("alpha/a.py", "ONE = 2\n")
        env.write("alpha/b.py", "TWO = 22\n")
        (env.site / "alpha/c.py").unlink()
        assert env.oddities() == [
            (Oddness.CHANGED, f"{SITE}/alpha/a.py", "alpha"),
            (Oddness.CHANGED, f"{SITE}/alpha/b.py", "alpha"),
            (Oddness.MISSING_FILE, f"{SITE}/alpha/c.py", "alpha"),
        ]

    def test_an_edit_that_keeps_size_and_time(self, env: Made) -> None:
        env.install("alpha")
        kept = Kept()
        assert env.inventory(kept).digested == 3
        assert env.inventory(kept).digested == 0
        path = env.site / "alpha.py"
        before = path.stat()
        while path.stat().st_ctime_ns == before.st_ctime_ns:  # it counts in ticks of some milliseconds
            env.write("alpha.py", "ONE = 2\n")
        after = path.stat()
        assert (after.st_size, after.st_mtime_ns, after.st_ino) == (
            before.st_size,
            before.st_mtime_ns,
            before.st_ino,
        )
        found = env.inventory(kept)
        assert told(found, env.root) == [(Oddness.CHANGED, f"{SITE}/alpha.py", "alpha")]
        assert found.digested == 1
        assert told(env.inventory(kept), env.root) == told(
            found, env.root
        )  # it is not forgiven the second time

    def test_a_promise_that_changes_is_held_against_the_same_bytes(self, env: Made) -> None:
        info = env.install("alpha")
        kept = Kept()
        env.inventory(kept)
        record = (info / "RECORD").read_text()
        put(info / "RECORD", record.replace(record_hash(b"ONE = 1\n"), record_hash(b"ONE = 3\n")))
        assert told(env.inventory(kept), env.root) == [(Oddness.CHANGED, f"{SITE}/alpha.py", "alpha")]

    def test_what_changed_just_now_is_digested_again(self, env: Made) -> None:
        info = env.install("alpha")
        kept = Kept()
        assert env.inventory(kept, later=0).digested == 3
        assert env.inventory(kept).digested == 3
        assert env.inventory(kept).digested == 0
        os.utime(info / "METADATA")
        assert env.inventory(kept).digested == 1

    @pytest.mark.parametrize("algorithm", ["sha256", "SHA512", "sha3_256", "blake2b", "md5"])
    def test_digests_of_other_algorithms(self, env: Made, algorithm: str) -> None:
        env.install("alpha", record=_row("beta.py", b"x", algorithm))
        env.write("beta.py", "x")
        assert env.oddities() == []
        env.write("beta.py", "y")
        assert env.oddities() == [(Oddness.CHANGED, f"{SITE}/beta.py", "alpha")]

    @pytest.mark.parametrize(
        "digest", ["shake_128=AAAA", "crc=AAAA", "sha256=A", "sha256", "sha256=*", "sha256=AAAA"]
    )
    def test_a_digest_that_cannot_be_checked_is_a_sentence(self, env: Made, digest: str) -> None:
        env.install("alpha", record=f"beta.py,{digest},1\n")
        path = env.write("beta.py", "x")
        found = env.inventory()
        assert found.oddities == ()
        assert found.gaps == (f"{path} was not verified: {digest!r} is no digest that can be checked.",)

    def test_entries_without_a_digest(self, env: Made) -> None:
        env.install("alpha", record="__pycache__/alpha.cpython-312.pyc,,\nplain.txt,,\n")
        assert env.oddities() == [(Oddness.MISSING_FILE, f"{SITE}/plain.txt", "alpha")]
        env.write("plain.txt", "")
        assert env.oddities() == []

    def test_none(self, env: Made) -> None:
        info = env.install("alpha", files={"alpha/a.py": "x"}, marks={"top_level.txt": "alpha\n"})
        (info / "RECORD").unlink()
        assert env.oddities() == [(Oddness.NO_RECORD, f"{SITE}/alpha-1.0.dist-info", "alpha")]
        assert env.inventory().installed[0].files is None

    def test_metadata_without_the_files_it_stands_for(self, env: Made) -> None:
        files = {f"alpha/{number}.py": "x" for number in range(30)}
        env.install("alpha", files=files)
        shutil.rmtree(env.site / "alpha")
        assert env.oddities() == [(Oddness.NO_FILES, f"{SITE}/alpha-1.0.dist-info", "alpha")]

    def test_many_missing_files_are_counted(self, env: Made) -> None:
        env.install("alpha", record="".join(f"gone/{number}.py,,\n" for number in range(50)))
        found = env.inventory().oddities
        assert len(found) == limits.MAX_ODDITIES_EACH
        assert found[-1].detail == "its RECORD lists it; and 30 more like it"

    def test_files_outside_are_told_and_not_looked_at(self, env: Made, tmp_path: Path) -> None:
        outside = put(tmp_path / "outside.txt", "x")
        record = f"../../../../outside.txt,{record_hash(b'y')},1\n/etc/passwd,{record_hash(b'y')},1\n"
        env.install("alpha", record=record + "../../../bin/alpha,,\n../../../share/man/alpha.1,,\n")
        put(env.bin / "alpha", "")
        put(env.root / "share/man/alpha.1", "")
        assert outside.exists()
        assert {(kind, os.path.basename(path)) for kind, path, _ in env.oddities()} == {
            (Oddness.RECORD_OUTSIDE, "outside.txt"),
            (Oddness.RECORD_OUTSIDE, "passwd"),
        }

    @pytest.mark.parametrize(
        ("record", "why"),
        [
            ("x.py,sha256=A,1\nx.py,sha256=B,1\n", "RECORD lists x.py twice, with different digests"),
            ("./x.py,,1\nx.py,,2\n", "RECORD lists x.py twice, with different digests"),
            ('"x.py\n', "RECORD is not valid CSV"),
            (",,\n", "RECORD lists a file without a name"),
            ("a\0b,,\n", "RECORD lists a file without a name"),
        ],
    )
    def test_a_record_that_is_wrong(self, env: Made, record: str, why: str) -> None:
        env.install("alpha", record=record)
        found = env.inventory()
        assert (found.oddities[0].kind, found.oddities[0].detail) == (Oddness.BAD_METADATA, why)

    def test_a_record_without_end(self, env: Made, monkeypatch: pytest.MonkeyPatch) -> None:
        info = env.install("alpha", record="".join(f"{number}.py,,\n" for number in range(50)))
        monkeypatch.setattr(limits, "MAX_MEMBERS", 20)
        assert env.inventory().oddities[0].detail == "RECORD lists more than 20 files"
        monkeypatch.setattr(limits, "MAX_RECORD", 20)
        found = env.inventory()
        assert found.gaps == (f"{info}/RECORD cannot be read: it is larger than 20 bytes.",)
        assert found.oddities[0].kind is Oddness.NO_RECORD

    def test_a_file_behind_a_link_is_the_file(self, env: Made, tmp_path: Path) -> None:
        env.install("alpha", files={"alpha/a.py": "x", "beta/b.py": "y"})
        (env.site / "alpha/a.py").unlink()
        (env.site / "alpha/a.py").symlink_to(put(tmp_path / "store/a.py", "x"))
        shutil.move(env.site / "beta", tmp_path / "beta")
        (env.site / "beta").symlink_to(tmp_path / "beta")
        assert env.oddities() == []
        put(tmp_path / "store/a.py", "z")
        put(tmp_path / "beta/b.py", "z")
        assert [path for _, path, _ in env.oddities()] == [f"{SITE}/alpha/a.py", f"{SITE}/beta/b.py"]


def _row(path: str, data: bytes, algorithm: str) -> str:
    digest = hashlib.new(algorithm.lower(), data).digest()
    return f"{path},{algorithm}={base64.urlsafe_b64encode(digest).rstrip(b'=').decode()},{len(data)}\n"


class TestMetadata:
    """What cannot be believed is said, and the rest is told."""

    @pytest.mark.parametrize(
        ("metadata", "why"),
        [
            (b"Name: alpha\nName: beta\nVersion: 1.0\n", "its METADATA gives two names that differ"),
            (b"Name: alpha\nVersion: 1.0\nVersion: 2.0\n", "its METADATA gives two versions that differ"),
            (b"Version: 1.0\n", "its METADATA gives no name"),
            (b"Name: alpha\n\nVersion: 1.0\n", "its METADATA gives no version"),
            (b"Name: beta\nVersion: 1.0\n", "its METADATA says that it is 'beta'"),
            (b"Name: al\nVersion: 1.0\n", "its METADATA says that it is 'al'"),
            (b"Name: <b>\nVersion: 1.0\n", "'<b>' is no project's name"),
        ],
    )
    def test_it_is_wrong(self, env: Made, metadata: bytes, why: str) -> None:
        env.install("alpha", metadata=metadata)
        found = env.inventory()
        assert why in [one.detail for one in found.oddities]
        assert {one.kind for one in found.oddities} == {Oddness.BAD_METADATA}
        assert len(found.installed) == 1

    def test_it_is_missing_or_no_file(self, env: Made) -> None:
        info = env.install("alpha")
        (info / "METADATA").unlink()
        env.install("beta")
        path = env.site / "beta-1.0.dist-info/METADATA"
        path.unlink()
        os.mkfifo(path)
        found = env.inventory()
        assert {(one.project, one.detail) for one in found.oddities if one.kind is Oddness.BAD_METADATA} == {
            ("alpha", "it has no METADATA"),
            ("beta", "its METADATA cannot be read: it is not a regular file"),
        }
        assert {(one.name, one.version) for one in found.installed} == {("alpha", "1.0"), ("beta", "1.0")}

    def test_two_kinds_of_it(self, env: Made) -> None:
        env.install("alpha", marks={"PKG-INFO": "Name: alpha\nVersion: 2.0\n"})
        (one,) = env.inventory().oddities
        assert (one.kind, one.detail) == (Oddness.BAD_METADATA, "it holds a METADATA and a PKG-INFO")

    def test_two_of_one_project(self, env: Made) -> None:
        env.install("alpha", "1.0", files={"alpha.py": "ONE = 1\n"})
        env.install("Alpha", "2.0", files={"alpha.py": "ONE = 2\n"})
        found = env.inventory()
        twice = [one for one in found.oddities if one.kind is Oddness.BAD_METADATA]
        assert [one.detail for one in twice] == ["it is installed twice, as 1.0 and 2.0"]
        assert Oddness.CLAIMED_TWICE not in {one.kind for one in found.oddities}

    def test_bytes_that_are_no_text(self, env: Made) -> None:
        env.install("alpha", metadata=b"Name: alpha\nVersion: 1.0\nRequires-Dist: \xff\xfe\n")
        assert env.inventory().installed[0].requires == ("\\xff\\xfe",)


class TestNobodys:
    """Files that no distribution claims."""

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("evil.pth", "import evil\n"),
            ("evil.pth", "# a comment\nimport\tos;os.system\n"),
            (".hidden.pth", "import evil\n"),
            ("evil.start", "evil:main\n"),
            ("sitecustomize.py", ""),
            ("usercustomize.py", ""),
            ("sitecustomize.pyc", ""),
            ("sitecustomize.cpython-312-x86_64-linux-gnu.so", ""),
            ("_virtualenv.pth", "import _virtualenv; import evil\n"),
            ("distutils-precedence.pth", "import os; import evil\n"),
            ("easy-install.pth", "import evil\n"),
            ("easy-install.pth", "import sys; sys.__plen = len(sys.path); import evil\n"),
        ],
    )
    def test_what_an_interpreter_runs_when_it_starts(self, env: Made, name: str, text: str) -> None:
        env.install("alpha")
        env.write(name, text)
        assert env.oddities() == [(Oddness.ORPHAN_STARTUP, f"{SITE}/{name}", "")]

    def test_what_virtualenv_wrote_is_known_by_its_bytes(
        self, env: Made, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        env.write("_virtualenv.pth", "import _virtualenv")
        env.write("_virtualenv.py", "ONE = 1\n")
        monkeypatch.setattr(startup, "_VIRTUALENV", {hashlib.sha256(b"ONE = 1\n").hexdigest()})
        assert env.oddities() == []
        env.write("_virtualenv.pth", "import _virtualenv; import evil")
        assert env.oddities() == [(Oddness.ORPHAN_STARTUP, f"{SITE}/_virtualenv.pth", "")]
        env.write("_virtualenv.pth", "import _virtualenv")
        env.write("_virtualenv.py", "ONE = 2\n")
        assert env.oddities() == [
            (Oddness.ORPHAN, f"{SITE}/_virtualenv.py", ""),
            (Oddness.ORPHAN_STARTUP, f"{SITE}/_virtualenv.pth", ""),
        ]

    def test_a_package_that_is_imported_at_start(self, env: Made) -> None:
        env.write("sitecustomize/__init__.py", "")
        assert env.oddities() == [(Oddness.ORPHAN_STARTUP, f"{SITE}/sitecustomize", "")]

    def test_a_link_and_a_pipe(self, env: Made, tmp_path: Path) -> None:
        (env.site / "evil.pth").symlink_to(put(tmp_path / "evil.txt", "import evil\n"))
        os.mkfifo(env.site / "pipe.pth")
        found = env.inventory()
        assert told(found, env.root) == [
            (Oddness.ORPHAN_STARTUP, f"{SITE}/evil.pth", ""),
            (Oddness.ORPHAN_STARTUP, f"{SITE}/pipe.pth", ""),
        ]
        assert found.gaps == (f"{env.site}/pipe.pth cannot be read: it is not a regular file.",)

    def test_a_pth_file_that_runs_nothing_is_an_ordinary_file(self, env: Made, tmp_path: Path) -> None:
        env.write("paths.pth", f"# a comment\n\n{tmp_path}\n")
        assert env.oddities() == [(Oddness.ORPHAN, f"{SITE}/paths.pth", "")]
        assert env.inventory().added == (str(tmp_path),)

    def test_below_a_site_folder_no_pth_file_is_run(self, env: Made) -> None:
        env.install("alpha", files={"alpha/__init__.py": ""})
        env.write("alpha/evil.pth", "import evil\n")
        assert env.oddities() == [(Oddness.ORPHAN, f"{SITE}/alpha/evil.pth", "")]

    def test_one_that_a_distribution_claims(self, env: Made) -> None:
        env.install("alpha", files={"alpha.pth": "import alpha\n", "alpha.py": ""})
        assert env.oddities() == []

    def test_a_folder_is_told_once(self, env: Made) -> None:
        env.install("alpha", files={"alpha/__init__.py": ""})
        for number in range(30):
            env.write(f"evil/deep/{number}.py", "")
        env.write("alpha/added.py", "")
        env.write("alpha/sub/one.py", "")
        env.write("~lpha/old.py", "")
        assert {(one.path, one.detail) for one in env.inventory().oddities} == {
            (str(env.site / "evil"), "no distribution claims any of its 30 files"),
            (str(env.site / "alpha/added.py"), "no distribution claims it"),
            (str(env.site / "alpha/sub"), "no distribution claims it"),
            (str(env.site / "~lpha"), "an uninstallation that broke off left it"),
        }

    def test_compiled_files_are_their_sources(self, env: Made) -> None:
        env.install("alpha")
        compiled(env.site / "alpha.py")
        env.write("orphan.py", "")
        env.write("__pycache__/orphan.cpython-312.pyc", "")
        env.write("__pycache__/gone.cpython-312.pyc", "")
        env.write("beside.pyc", "")
        assert {path for _, path, _ in env.oddities()} == {
            f"{SITE}/orphan.py",
            f"{SITE}/__pycache__/gone.cpython-312.pyc",
            f"{SITE}/beside.pyc",
        }

    def test_beside_the_standard_library(self, tmp_path: Path) -> None:
        env = Made(tmp_path / "python", config="")
        put(env.site.parent / "os.py", "")
        put(env.site / "README.txt", "Python's own")
        put(env.site.parent / "sitecustomize.py", "")
        put(env.bin / "pip3.12", "")
        (one,) = inventory(env.environment()).oddities
        assert (one.kind, one.path) == (Oddness.ORPHAN_STARTUP, str(env.site.parent / "sitecustomize.py"))


class TestTwo:
    """Files that two projects claim, and packages that are another's."""

    def test_with_other_bytes(self, env: Made) -> None:
        env.install("alpha", files={"shared.py": "ONE = 1\n"})
        env.install("beta", files={"shared.py": "ONE = 2\n"})
        assert env.oddities() == [(Oddness.CLAIMED_TWICE, f"{SITE}/shared.py", "beta")]
        env.write("shared.py", "ONE = 3\n")
        assert {kind for kind, _, _ in env.oddities()} == {Oddness.CLAIMED_TWICE, Oddness.CHANGED}

    def test_with_the_same_bytes(self, env: Made) -> None:
        env.install("alpha", files={"shared/__init__.py": "", "shared/a.py": ""})
        env.install("beta", files={"shared/__init__.py": "", "shared/b.py": ""})
        assert env.oddities() == []
        env.write("shared/__init__.py", "import evil\n")
        assert env.oddities() == [(Oddness.CHANGED, f"{SITE}/shared/__init__.py", "alpha")]

    def test_a_distribution_that_writes_into_anothers_package(self, env: Made) -> None:
        env.install("requests", files={"requests/__init__.py": "", "requests/sub/__init__.py": ""})
        env.install("evil", files={"requests/hooks.py": "", "requests/sub/more.py": "", "evil.py": ""})
        found = env.inventory()
        assert told(found, env.root) == [(Oddness.FOREIGN_PACKAGE, f"{SITE}/requests/hooks.py", "evil")]
        assert found.oddities[0].detail == "it put 2 files into requests, a package of requests"

    def test_inside_of_a_package_that_is_shared(self, env: Made) -> None:
        env.install("cloud-storage", files={"google/cloud/storage/__init__.py": ""})
        env.install("cloud-logging", files={"google/cloud/logging/__init__.py": ""})
        assert env.oddities() == []
        env.install("evil", files={"google/cloud/storage/evil.py": ""})
        assert env.oddities() == [(Oddness.FOREIGN_PACKAGE, f"{SITE}/google/cloud/storage/evil.py", "evil")]

    @pytest.mark.parametrize(
        "text",
        [
            "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
            "__import__('pkg_resources').declare_namespace(__name__)\n",
        ],
    )
    def test_a_package_that_says_that_it_is_shared(self, env: Made, text: str) -> None:
        env.install("air", files={"air/__init__.py": text})
        env.install("air-provider", files={"air/provider.py": ""})
        assert env.oddities() == []


class TestCommands:
    """Names that people expect from elsewhere."""

    @pytest.mark.parametrize(
        "name", ["ls", "git", "ssh", "sudo", "python", "python3.12", "pip", "uv", "curl.exe"]
    )
    def test_a_distributions_command_hides_another(self, env: Made, name: str) -> None:
        env.install("evil", files={f"../../../bin/{name}": "#!python\n"})
        assert (Oddness.SHADOWED_COMMAND, f"bin/{name}", "evil") in env.oddities()

    def test_those_of_the_tools_themselves(self, env: Made) -> None:
        for name, commands in (
            ("pip", "pip pip3 pip3.12"),
            ("wheel", "wheel"),
            ("uv", "uv uvx"),
            ("mine", "mine"),
        ):
            env.install(name, files={f"../../../bin/{one}": "#!python\n" for one in commands.split()})
        assert env.oddities() == []

    def test_commands_of_nobody(self, env: Made) -> None:
        put(env.bin / "git", "#!/bin/sh\n")
        put(env.bin / "helper", "#!/bin/sh\n")
        put(env.bin / "python3", "#!/bin/sh\n")
        put(env.bin / "python3.12", b"\x7fELF")
        os.mkfifo(env.bin / "pypy3")
        assert env.oddities() == [
            (Oddness.ORPHAN, "bin/helper", ""),
            (Oddness.SHADOWED_COMMAND, "bin/git", ""),
            (Oddness.SHADOWED_COMMAND, "bin/pypy3", ""),
            (Oddness.SHADOWED_COMMAND, "bin/python3", ""),
        ]

    def test_commands_that_only_entry_points_tell_of(self, env: Made) -> None:
        info = env.site / "old-1.0-py3.12.egg-info"
        put(info / "PKG-INFO", "Name: old\nVersion: 1.0\n")
        put(info / "entry_points.txt", "[console_scripts]\n# no\nold = old:main\n[other]\ngit = x\n")
        env.write("old.py", "")
        put(env.bin / "old", "")
        assert env.oddities() == [(Oddness.NO_RECORD, f"{SITE}/old-1.0-py3.12.egg-info", "old")]


class TestCompiled:
    """Headers against sources."""

    def test_one_that_is_older_is_told_once_a_distribution(self, env: Made) -> None:
        env.install("alpha", files={f"alpha/{name}.py": f"{name} = 1\n" for name in "abc"})
        for name in "abc":
            compiled(env.site / f"alpha/{name}.py")
        assert env.oddities() == []
        for name in "ab":
            os.utime(env.site / f"alpha/{name}.py", (1, 1))
        (one,) = env.inventory().oddities
        assert (one.kind, one.project) == (Oddness.COMPILED_STALE, "alpha")
        assert one.detail == "it was made from another state of its source; so were 1 more"

    def test_one_whose_source_was_edited_adds_nothing_to_that(self, env: Made) -> None:
        env.install("alpha")
        compiled(env.site / "alpha.py")
        env.write("alpha.py", "import evil\n")
        assert [kind for kind, _, _ in env.oddities()] == [Oddness.CHANGED]

    @pytest.mark.parametrize("tag", ["cpython-310", "cpython-311", "cpython-312.opt-2"])
    @pytest.mark.parametrize("asks", [False, True])
    def test_one_with_the_hash_of_its_source(self, env: Made, tag: str, asks: bool) -> None:
        env.install("alpha", files={"alpha.py": "ONE = 1\n" * 9})
        key = 3439 if "310" in tag else 3495
        path = env.site / f"__pycache__/alpha.{tag}.pyc"
        right = source_hash(key, b"ONE = 1\n" * 9)
        put(path, key.to_bytes(4, "little") + bytes([3 if asks else 1, 0, 0, 0]) + right)
        kept = Kept()
        assert env.inventory(kept).oddities == ()
        assert env.inventory(kept).oddities == ()
        put(path, key.to_bytes(4, "little") + bytes([3 if asks else 1, 0, 0, 0]) + b"x" * 8)
        (one,) = env.inventory(kept).oddities
        assert one.kind is (Oddness.COMPILED_STALE if asks else Oddness.COMPILED_DIFFERS)

    def test_headers_that_are_cut_short_and_files_that_are_none(self, env: Made) -> None:
        env.install("alpha", files={"a.py": "", "b.py": "", "c.py": ""})
        env.write("__pycache__/a.cpython-312.pyc", b"x")
        env.write("__pycache__/b.cpython-36.pyc", b"x")
        os.mkfifo(env.site / "__pycache__/c.cpython-312.pyc")
        assert [path for _, path, _ in env.oddities()] == [f"{SITE}/__pycache__/a.cpython-312.pyc"]

    def test_one_that_a_wheel_brought_is_verified_by_record(self, env: Made) -> None:
        env.install("alpha", files={"alpha.py": "", "__pycache__/alpha.cpython-312.pyc": b"x" * 20})
        assert env.oddities() == []

    def test_slow_hashes_have_an_end(self, env: Made, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MAX_SLOWLY_HASHED", 3)
        env.install("alpha")
        path = env.write(
            "__pycache__/alpha.cpython-38.pyc", (3413).to_bytes(4, "little") + b"\1\0\0\0" + bytes(8)
        )
        found = env.inventory()
        assert found.gaps == (
            f"{path} was not compared with its source: more than enough were hashed before.",
        )


class TestConda:
    """Files that conda's records claim."""

    @pytest.fixture
    def env(self, tmp_path: Path) -> Made:
        made = Made(tmp_path / "env", config="")
        library = made.site.parent
        conda(
            made.root, "python", {f"{os.path.relpath(library, made.root)}/os.py": "", "bin/git": ""}, "3.12.1"
        )
        info = f"{SITE}/numpy-1.0.dist-info"
        files = {
            f"{SITE}/numpy/__init__.py": "rewritten by conda",
            f"{info}/METADATA": "Name: numpy\nVersion: 1.0\n",
            f"{info}/RECORD": f"numpy/__init__.py,{record_hash(b'as in the wheel')},1\nnumpy/gone.py,,\n",
        }
        conda(made.root, "numpy", files)
        return made

    def test_as_it_should_be(self, env: Made) -> None:
        env.install("alpha")
        assert env.environment().kind.value == "conda"
        assert env.oddities() == []
        assert [one.name for one in env.inventory().installed] == ["alpha", "numpy"]

    def test_an_edited_file_an_orphan_and_a_foreign_writer(self, env: Made) -> None:
        put(env.root / f"{SITE}/numpy/__init__.py", "import evil\n")
        env.write("evil.pth", "import evil\n")
        env.install("evil", files={"numpy/evil.py": ""})
        put(env.site.parent / "sitecustomize.py", "")
        assert env.oddities() == [
            (Oddness.CHANGED, f"{SITE}/numpy/__init__.py", "numpy"),
            (Oddness.FOREIGN_PACKAGE, f"{SITE}/numpy/evil.py", "evil"),
            (Oddness.ORPHAN_STARTUP, "lib/python3.12/sitecustomize.py", ""),
            (Oddness.ORPHAN_STARTUP, f"{SITE}/evil.pth", ""),
        ]

    def test_a_record_that_names_a_file_outside(self, env: Made, tmp_path: Path) -> None:
        conda(env.root, "evil", {"../outside.txt": "x"})
        put(tmp_path / "outside.txt", "y")
        assert env.oddities() == []

    @pytest.mark.parametrize(
        "text", ["{", "[]", '{"files": 3}', '{"name": 3, "files": [3, "../../../etc/passwd"]}']
    )
    def test_records_that_are_none(self, env: Made, text: str) -> None:
        put(env.root / "conda-meta/bad-1.0-0.json", text)
        found = env.inventory()
        assert found.oddities == ()
        assert bool(found.gaps) is (text == "{")


class TestTheSystems:
    """Files that the system's package manager claims."""

    @pytest.fixture
    def system(self, tmp_path: Path) -> Path:
        root = tmp_path / "root"
        put(root / "usr/lib/python3.11/os.py", "")
        put(root / "usr/lib/python3.11/sitecustomize.py", "")
        dist = root / "usr/lib/python3/dist-packages"
        put(dist / "yaml/__init__.py", "patched by Debian")
        put(dist / "PyYAML-6.0.dist-info/METADATA", "Name: PyYAML\nVersion: 6.0\n")
        put(dist / "PyYAML-6.0.dist-info/RECORD", f"yaml/__init__.py,{record_hash(b'x')},1\n")
        put(dist / "six-1.0.egg-info", "Name: six\nVersion: 1.0\n")
        put(dist / "six.py", "")
        return root

    def oddities(self, root: Path) -> tuple[list[tuple[Oddness, str, str]], tuple[str, ...]]:
        (one,) = find([], root / "home", {}, note=lambda sentence: None, root=root)
        found = inventory(one, root=root)
        assert [one.name for one in found.installed] == ["pyyaml", "six"]
        return told(found, root), found.gaps

    def test_debians(self, system: Path) -> None:
        listed = [str(path.relative_to(system)) for path in sorted(system.rglob("*")) if path.is_file()]
        sums = "".join(
            f"{hashlib.md5((system / path).read_bytes()).hexdigest()}  {path}\n" for path in listed
        )
        info = system / "var/lib/dpkg/info"
        put(info / "python3-yaml:amd64.list", "/.\n/usr\n" + "".join(f"/{path}\n" for path in listed))
        put(info / "python3-yaml:amd64.md5sums", sums)
        put(info / "other.list", "/usr/share/other\n")
        assert self.oddities(system) == ([], ())
        put(system / "usr/lib/python3/dist-packages/yaml/__init__.py", "import evil\n")
        put(system / "usr/lib/python3/dist-packages/evil.pth", "import evil\n")
        put(system / "usr/lib/python3.11/usercustomize.py", "")
        put(system / "usr/lib/python3.11/os.py", "import evil\n")
        assert self.oddities(system)[0] == [
            (Oddness.CHANGED, "usr/lib/python3/dist-packages/yaml/__init__.py", "python3-yaml"),
            (Oddness.CHANGED, "usr/lib/python3.11/os.py", "python3-yaml"),
            (Oddness.ORPHAN_STARTUP, "usr/lib/python3.11/usercustomize.py", ""),
            (Oddness.ORPHAN_STARTUP, "usr/lib/python3/dist-packages/evil.pth", ""),
        ]

    def test_those_of_others(self, system: Path) -> None:
        paths = [path.relative_to(system) for path in sorted(system.rglob("*")) if path.is_file()]
        database = "P:yaml\n" + "".join(f"F:{path.parent}\nR:{path.name}\n" for path in paths)
        alpine = put(system / "lib/apk/db/installed", database)
        assert self.oddities(system) == ([], ())
        alpine.unlink()
        alpine.parent.rmdir()
        put(
            system / "var/lib/pacman/local/yaml-6/files",
            "%FILES%\nusr/\n" + "".join(f"{path}\n" for path in paths),
        )
        assert self.oddities(system) == ([], ())

    def test_where_no_list_can_be_read_only_start_up_files_are_told_as_orphans(self, system: Path) -> None:
        found, gaps = self.oddities(system)
        assert Oddness.ORPHAN not in {kind for kind, _, _ in found}
        assert (Oddness.ORPHAN_STARTUP, "usr/lib/python3.11/sitecustomize.py", "") in found
        assert len(gaps) == 1


class TestOthers:
    """Kinds of environments that hold their packages in another way."""

    def test_a_folder_that_pip_filled_with_target(self, tmp_path: Path) -> None:
        made = Made(tmp_path / "env", config="")
        target = tmp_path / "target"
        made.install("alpha", record="../../bin/alpha,,\n../../gone,,\n")
        shutil.move(made.site, target)
        put(target / "bin/alpha", "")
        found = environment_at(target, note=lambda sentence: None)
        assert found is not None
        assert [(one.kind, os.path.basename(one.path)) for one in inventory(found).oddities] == [
            (Oddness.RECORD_OUTSIDE, "gone")
        ]

    def test_uvs_cache_is_verified_and_nothing_in_it_is_an_orphan(self, tmp_path: Path) -> None:
        for name in ("one", "two"):
            made = Made(tmp_path / name, config="")
            made.install("alpha")
            made.write("added.pth", "import evil\n")
            target = tmp_path / "home/.cache/uv/archive-v0"
            target.mkdir(parents=True, exist_ok=True)
            shutil.move(made.site, target / name)
        put(tmp_path / "home/.cache/uv/archive-v0/two/alpha.py", "ONE = 2\n")
        (cache,) = find([], tmp_path / "home", {}, note=lambda s: None, root=tmp_path, platform="linux")
        found = inventory(cache)
        assert [one.name for one in found.installed] == ["alpha", "alpha"]
        assert [one.kind for one in found.oddities] == [Oddness.CHANGED]

    def test_a_zipapp(self, tmp_path: Path) -> None:
        path = tmp_path / "app.pyz"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("site-packages/alpha-1.0.dist-info/METADATA", "Name: Alpha\nVersion: 1.0\n")
            archive.writestr("__main__.py", "")
        found = environment_at(path, note=lambda sentence: None)
        assert found is not None
        held = inventory(found)
        assert [(one.name, one.version) for one in held.installed] == [("alpha", "1.0")]
        assert len(held.gaps) == 1
        data = path.read_bytes()
        put(path, data.replace(b"PK\x01\x02", b"PK\x09\x09"))
        held = inventory(found)
        assert held.installed == ()
        assert len(held.gaps) == 2
        path.unlink()
        assert inventory(found).gaps == (f"{path} cannot be read: No such file or directory.",)

    @pytest.mark.parametrize("harm", ["directory", "metadata", "packing", "form"])
    def test_a_zipapp_that_means_harm(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
    ) -> None:
        path = tmp_path / "app.pyz"
        packing = zipfile.ZIP_LZMA if harm == "packing" else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(path, "w", packing) as archive:
            for name in ("alpha", "beta"):
                archive.writestr(
                    f"{name}-1.0.dist-info/METADATA", f"Name: {name}\nVersion: 1.0\n" + "x" * 100
                )
        if harm == "form":
            put(path, path.read_bytes().replace(b"PK\x05\x06", b"PK\x06\x07" + bytes(16) + b"PK\x05\x06"))
        elif harm != "packing":
            monkeypatch.setattr(limits, f"MAX_ZIPAPP_{harm.upper()}", 150 if harm == "metadata" else 20)
        found = environment_at(path, note=lambda sentence: None)
        assert found is not None
        held = inventory(found)
        assert len(held.installed) == (1 if harm == "metadata" else 0)
        said = {
            "directory": f"{path} cannot be read as a zip: its directory is larger than honest ones are.",
            "form": f"{path} cannot be read as a zip: it is of the form for more than 65,535 files or 4 GiB.",
            "metadata": f"{path} holds more metadata than honest ones do; the rest was left out.",
            "packing": f"alpha-1.0.dist-info/METADATA in {path} is packed in a way that is not read.",
        }
        assert said[harm] in held.gaps


class TestHostile:
    """Whoever made it meant harm: each is a sentence, and the rest is told."""

    def test_links_that_loop_and_folders_that_are_pipes(self, env: Made) -> None:
        env.install("alpha")
        (env.site / "loop").symlink_to(".")
        (env.site / "self.dist-info").symlink_to("self.dist-info")
        os.mkfifo(env.site / "pipe-1.0.dist-info")
        os.mkfifo(env.site / "pipe.egg-link")
        found = env.inventory()
        assert "alpha" in {one.name for one in found.installed}
        assert (Oddness.ORPHAN, f"{SITE}/loop", "") in told(found, env.root)

    def test_a_link_to_a_file_of_another_user_is_not_followed(
        self, env: Made, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        info = env.install("alpha")
        (info / "METADATA").unlink()
        (info / "METADATA").symlink_to("/etc/hostname")
        real = os.lstat

        # As if the link were of somebody else than the file; only root could make such a file here.
        def others(path: str) -> os.stat_result:
            found = real(path)
            return os.stat_result((*found[:4], found.st_uid + 1, *found[5:10])) if found.st_nlink else found

        monkeypatch.setattr(os, "lstat", others)
        details = [one.detail for one in env.inventory().oddities]
        assert "its METADATA cannot be read: it is a link to a file of another user" in details

    def test_a_claimed_file_that_is_a_pipe_a_folder_or_too_large(
        self, env: Made, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        env.install("alpha", files=dict.fromkeys(("a.py", "b.py", "c.py"), "ONE = 1\n"))
        for name in ("a.py", "b.py"):
            (env.site / name).unlink()
        os.mkfifo(env.site / "a.py")
        (env.site / "b.py").mkdir()
        assert env.oddities() == [
            (Oddness.CHANGED, f"{SITE}/a.py", "alpha"),
            (Oddness.CHANGED, f"{SITE}/b.py", "alpha"),
        ]
        monkeypatch.setattr(limits, "MAX_INSTALLED_FILE", 5)
        gaps = env.inventory().gaps
        assert any(gap.startswith(f"{env.site}/c.py cannot be read: it is larger than") for gap in gaps)

    def test_files_without_end(self, env: Made, monkeypatch: pytest.MonkeyPatch) -> None:
        env.install("alpha")
        for number in range(60):
            env.write(f"many/{number}.py", "")
        env.write("alpha.py", "ONE = 2\n")
        monkeypatch.setattr(limits, "MAX_ENVIRONMENT_FILES", 30)
        found = env.inventory()
        assert (Oddness.CHANGED, f"{SITE}/alpha.py", "alpha") in told(found, env.root)
        assert len(found.gaps) == 1
        assert "who owns those behind it was not looked at" in found.gaps[0]

    def test_distributions_without_end(self, env: Made, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in range(5):
            env.install(f"alpha{number}")
        monkeypatch.setattr(limits, "MAX_INSTALLED", 3)
        found = env.inventory()
        assert len(found.installed) == 3
        assert found.gaps[0] == f"{env.site} holds more than 3 distributions; the rest was left out."

    def test_gaps_without_end(self, env: Made, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in range(limits.MAX_SENTENCES + 5):
            env.install(f"alpha{number}", marks={"direct_url.json": "{"})
        gaps = env.inventory().gaps
        assert gaps[-1] == "5 more could not be looked at."
        assert len(gaps) == limits.MAX_SENTENCES + 1

    def test_names_that_are_no_text(self, env: Made) -> None:
        env.install("alpha")
        path = os.fsencode(env.site) + b"/\xff\xfe\x1b[31m.py"
        with open(path, "wb"):
            pass
        (one,) = env.inventory(Kept()).oddities
        assert os.fsencode(one.path) == path

    def test_what_cannot_be_listed(self, env: Made, monkeypatch: pytest.MonkeyPatch) -> None:
        env.install("alpha", files={"alpha/a.py": "x", "beta/b.py": "x"})
        real = os.scandir

        def refusing(path: str = ".") -> object:
            if str(path) == str(env.site / "alpha"):
                raise PermissionError(13, "Permission denied", path)
            return real(path)

        monkeypatch.setattr(os, "scandir", refusing)
        found = env.inventory()
        assert found.oddities == ()
        assert found.gaps == (f"{env.site}/alpha cannot be read: Permission denied.",)

    def test_it_goes_away_meanwhile(self, env: Made) -> None:
        env.install("alpha")
        found = env.environment()
        shutil.rmtree(env.root)
        held = inventory(found)
        assert (held.installed, held.oddities) == ((), ())


def test_nothing_of_it_is_run_imported_or_written(env: Made, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    code = f"open({str(mark)!r}, 'w')\n"
    env.install("alpha", files={"alpha.py": code, "alpha.pth": f"import os; {code}"})
    env.write("sitecustomize.py", code)
    script = put(env.bin / "python", f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    before = {path: path.lstat().st_mtime_ns for path in env.root.rglob("*")}
    modules = set(sys.modules)
    env.inventory()
    assert not mark.exists()
    assert {path: path.lstat().st_mtime_ns for path in env.root.rglob("*")} == before
    assert not {"alpha", "sitecustomize"} & (set(sys.modules) - modules)
