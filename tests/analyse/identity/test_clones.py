"""Whose code an artifact is, and what of it is not theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pytest

from stockade.analyse.engine import analyse
from stockade.analyse.identity.family import family, siblings
from stockade.analyse.identity.reference import Known, Reference, written
from stockade.analyse.options import Options
from stockade.analyse.unpack.tree import ArchiveTree
from stockade.model.artifact import Kind
from stockade.model.assessment import Findings
from stockade.model.project import Digest
from tests.support import sdk
from tests.support.archives import sdist, sdist_name, wheel, wheel_name


def found(
    name: str,
    files: Mapping[str, str],
    known: Reference | None,
    *,
    leave_out: bool = False,
    form: str = "wheel",
) -> Findings:
    """What the analyser says of a release of `name` with these files."""
    as_wheel = form == "wheel"
    data = wheel(name, "2.0", files) if as_wheel else sdist(name, "2.0", files)
    return analyse(
        memoryview(data),
        filename=wheel_name(name, "2.0") if as_wheel else sdist_name(name, "2.0"),
        kind=Kind.WHEEL if as_wheel else Kind.SDIST,
        sha256=Digest(hashlib.sha256(data).hexdigest()),
        options=Options(leave_out=leave_out),
        known=known,
    )


def said(findings: Findings) -> set[str]:
    """The detectors of identity that spoke."""
    return {one.detector for one in findings.evidence} & {
        "known-project-clone",
        "clone-delta",
        "foreign-top-level",
    }


@pytest.mark.parametrize("form", ["wheel", "sdist"])
@pytest.mark.parametrize("package", ["nimbus", "cumulus"])
def test_a_trojaned_copy_is_named_with_its_share_and_what_differs(package: str, form: str) -> None:
    clone = found("cumulus-client", sdk.trojaned(package), sdk.reference(), form=form).clone

    assert clone is not None
    assert (clone.project, clone.versions, clone.family) == ("nimbus-sdk", ("2.0", "1.0"), False)
    assert clone.share == pytest.approx(0.93, abs=0.01)
    assert (clone.known, clone.functions) == (19, 21)
    root = "cumulus_client-2.0/" if form == "sdist" else ""
    assert [(one.file, one.first, one.last, one.name) for one in clone.differs] == [
        (f"{root}{package}/client.py", 7, 11, "__init__"),
        (f"{root}{package}/client.py", 186, 189, "photo_of"),
    ]
    assert clone.adds(f"{root}{package}/client.py", 10)
    assert not clone.adds(f"{root}{package}/client.py", 12)
    assert not clone.adds(f"{root}{package}/auth.py", 10)


def test_an_old_release_is_no_less_known() -> None:
    clone = found("cumulus-client", sdk.sdk("1.0"), sdk.reference()).clone

    assert clone is not None
    assert (clone.share, clone.differs) == (1.0, ())


def test_what_differs_is_more_than_functions() -> None:
    files = sdk.sdk("2.0")
    files["nimbus/auth.py"] = files["nimbus/auth.py"].replace("import hmac\n", "import hmac\nimport photos\n")
    files["nimbus/photos.py"] = "URL = 'https://photos.invalid/'\n"
    clone = found("cumulus-client", files, sdk.reference()).clone

    assert clone is not None
    assert {(one.file, one.first, one.name) for one in clone.differs} == {
        ("nimbus/auth.py", 3, ""),
        ("nimbus/photos.py", 1, ""),
    }
    assert clone.known == clone.functions


def test_no_reference_says_nothing() -> None:
    findings = found("cumulus-client", sdk.trojaned(), None)

    assert (findings.clone, said(findings)) == (None, set())


def test_a_fork_with_honest_changes_is_named_and_that_is_all() -> None:
    findings = found("stratus", sdk.fork(), sdk.reference())

    assert said(findings) == {"known-project-clone", "clone-delta"}
    assert findings.clone is not None
    assert [one.name for one in findings.clone.differs] == ["close"]


def test_the_project_itself_is_left_out_where_that_is_asked_for() -> None:
    """Measurements use it: a project must not be known to itself, and may be taken for another then."""
    other = sdk.known("nimbus-fork", {"2.0": sdk.sdk("2.0")})
    files = sdk.sdk("2.0")

    assert said(found("nimbus-sdk", files, sdk.reference())) == set()
    assert said(found("nimbus-sdk", files, sdk.reference(), leave_out=True)) == set()
    assert said(found("nimbus-sdk", files, sdk.reference(other))) == set()
    assert said(found("nimbus-sdk", files, sdk.reference(other), leave_out=True)) == {
        "known-project-clone",
        "foreign-top-level",
    }


def test_a_project_that_took_over_another_is_a_copy_in_what_is_new() -> None:
    """Its own releases are known, and what is in them is its own, but they are not what this is."""
    own = sdk.known("cumulus-client", {"1.0": {"cumulus/__init__.py": "def old():\n    return 1\n"}})
    clone = found("cumulus-client", sdk.trojaned(), sdk.reference(own)).clone

    assert clone is not None
    assert clone.project == "nimbus-sdk"


def test_what_many_projects_have_is_no_copy_of_any() -> None:
    others = [sdk.known(f"made-by-generator-{word}", {"2.0": sdk.sdk("2.0")}) for word in "abcd"]

    assert found("cumulus-client", sdk.sdk("2.0"), sdk.reference(*others)).clone is None


def test_a_copy_of_one_file_does_not_make_the_file_a_copy() -> None:
    """A large project that took somebody's module in: that module's own project is not a copy of the large one."""
    lines = "".join(
        f"def step_{n}(state):\n    state[{n}] = {n} * {n}\n    return list(state) + [{n}]\n"
        for n in range(900)
    )
    taken = {f"large/{path}": text for path, text in sdk.sdk("2.0").items()}
    large = Reference(memoryview(written((sdk.known("large", {"1.0": {"large/x.py": lines, **taken}}),))))

    assert found("nimbus-sdk", sdk.sdk("2.0"), large).clone is None


def test_vendored_code_is_neither_taken_for_its_source_nor_that_for_it() -> None:
    vendored = {f"stratus/_vendor/{path}": text for path, text in sdk.sdk("2.0").items()}
    holder = sdk.known("stratus", {"1.0": {"stratus/__init__.py": "import os\n", **vendored}})
    reference = Reference(memoryview(written((holder,))))

    assert found("nimbus-sdk", sdk.sdk("2.0"), reference).clone is None


def test_changes_in_vendored_code_of_a_copy_are_seen() -> None:
    vendored = {f"nimbus/_vendor/helper/{name}.py": f"def {name}():\n    return 1\n" for name in "ab"}
    known = sdk.known("nimbus-sdk", {"2.0": {**sdk.sdk("2.0"), **vendored}})
    files = {**sdk.sdk("2.0"), **vendored, "nimbus/_vendor/helper/b.py": "def b():\n    return send()\n"}
    clone = found("cumulus-client", files, Reference(memoryview(written((known,))))).clone

    assert clone is not None
    assert [(one.file, one.name) for one in clone.differs] == [("nimbus/_vendor/helper/b.py", "b")]


def partial(most: int) -> Known:
    return sdk.known("nimbus-sdk", {"2.0": sdk.sdk("2.0")}, most=most)


def test_of_a_project_that_is_too_large_whole_modules_are_known() -> None:
    known = partial(8)
    reference = Reference(memoryview(written((known,))))

    assert known.project.partial and len(known.hashes) < 12
    same = found("cumulus-client", sdk.sdk("2.0"), reference).clone
    assert same is not None and (same.share, same.differs) == (1.0, ())


def test_more_differences_than_are_told_are_said_to_be_more() -> None:
    files = sdk.sdk("2.0")
    files["nimbus/more.py"] = "".join(f"def f{n}():\n    return {n}\n" for n in range(260))
    clone = found("cumulus-client", files, sdk.reference()).clone

    assert clone is not None and clone.more and len(clone.differs) == 200


def test_what_would_have_to_be_unpacked_again_is_only_said_to_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ArchiveTree, "at_hand", lambda _, member: member.path != "nimbus/client.py")
    clone = found("cumulus-client", sdk.trojaned(), sdk.reference()).clone

    assert clone is not None
    assert (clone.differs, clone.more, clone.known, clone.functions) == ((), True, 19, 21)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("opencv-python", "opencv-python-headless", True),
        ("opencv-contrib-python", "opencv-python", True),
        ("types-requests", "requests", True),
        ("psycopg2", "psycopg2-binary", True),
        ("aliyun-python-sdk-core", "aliyun-python-sdk-core-v3", True),
        ("boto3", "boto3-client", False),
        ("python-boto3", "boto3", False),
        ("types", "binary", False),
        ("2022-requests", "requests", False),
        ("acloud-client", "aliyun-python-sdk-core", False),
    ],
)
def test_variants_are_told_by_their_names(one: str, other: str, same: bool) -> None:
    assert family(one, other) is same
    assert family(other, one) is same


def test_siblings_share_the_beginning_of_a_long_name() -> None:
    assert siblings("tencentcloud-sdk-python-cvm", "tencentcloud-sdk-python-common")
    assert not siblings("boto3-client", "boto3")
    assert not siblings("aliyun-python-sdk-core", "python-aliyun-sdk-core")


def test_a_namespace_belongs_to_what_lies_in_it() -> None:
    space = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
    one = sdk.known("sky-disks", {"1.0": {"sky/__init__.py": space, "sky/disks/__init__.py": "x = 1\n"}})
    two = sdk.known("sky-hosts", {"1.0": {"sky/hosts/__init__.py": "x = 1\n"}})
    reference = sdk.reference(one, two)

    assert said(found("stratus", {"sky/photos/__init__.py": "x = 2\n"}, reference)) == set()
    assert said(found("stratus", {"sky/disks/__init__.py": "x = 2\n"}, reference)) == {"foreign-top-level"}
    assert said(found("stratus", {"sky/disks/photo.py": "x = 2\n"}, reference)) == {"foreign-top-level"}


def test_names_that_are_nobodys_and_tests_are_left_alone() -> None:
    known = sdk.known("careless", {"1.0": {"utils/__init__.py": "x = 1\n", "careless.py": "x = 1\n"}})
    reference = sdk.reference(known)

    assert said(found("stratus", {"utils/__init__.py": "x = 2\n"}, reference)) == set()
    assert said(found("stratus", {"careless.py": "x = 2\n"}, reference)) == {"foreign-top-level"}
    # Whether an sdist installs a module at its root is not known before it is built.
    assert said(found("stratus", {"careless.py": "x = 2\n"}, reference, form="sdist")) == set()
    files = {"src/nimbus/__init__.py": "x = 2\n"}
    assert said(found("stratus", files, reference, form="sdist")) == {"foreign-top-level"}
    files = {"examples/nimbus/__init__.py": "x = 2\n", "stratus/__init__.py": ""}
    assert said(found("stratus", files, reference, form="sdist")) == set()
