"""What an environment holds, and what about its files is not as it should be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stockade.model.environment import Oddness
from tests.acquire.environments.making import Made, put


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
