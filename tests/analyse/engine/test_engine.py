"""One pass: facts reach their detectors, crashes and bounds become gaps, nothing is lost in silence."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from stockade import limits
from stockade.analyse.code.facts import Call, Import, Literal, Module, Package
from stockade.analyse.code.walked import walk
from stockade.analyse.detector import Detector, detector
from stockade.analyse.engine import DETECTORS, analyse
from stockade.analyse.files.facts import FileFact, HiddenText, RuleHit, StartupLine
from stockade.analyse.options import Options
from stockade.analyse.unpack.facts import Identity, Oddity
from stockade.model.artifact import Kind
from stockade.model.assessment import Findings
from stockade.model.evidence import Evidence, Gap, GapKind, Location, Phase
from stockade.model.project import Digest
from tests.support.archives import sdist, wheel

_DIGEST = Digest("0" * 64)
_NOWHERE = Location(file="x")


def _evidence(name: str, message: str, where: Location = _NOWHERE) -> Evidence:
    return Evidence(detector=name, message=message, where=where)


@detector("calls", on=Call)
def _calls(call: Call) -> Iterator[Evidence]:
    yield Evidence(
        detector="calls", message=call.target, where=call.where, phase=call.phase, excerpt=call.excerpt
    )


def _wheel(files: dict[str, bytes | str], options: Options | None = None, *given: Detector[Any]) -> Findings:
    data = wheel("demo", "1.0", files)
    return analyse(
        data,
        filename="demo-1.0-py3-none-any.whl",
        kind=Kind.WHEEL,
        sha256=_DIGEST,
        options=options,
        detectors=given or (_calls,),
    )


def _messages(found: Findings) -> list[str]:
    return [one.message for one in found.evidence]


def test_facts_reach_detectors_with_place_and_phase() -> None:
    found = _wheel({"demo/__init__.py": "import os\nos.system('id')\n"})
    (one,) = found.evidence
    assert (one.message, one.phase) == ("os.system", Phase.IMPORT)
    assert str(one.where) == "demo/__init__.py:2"
    assert (found.project, found.version, found.sha256) == ("demo", "1.0", _DIGEST)
    assert found.source_bytes == found.parsed_bytes == 26
    assert found.seconds > 0 and not found.gaps


def test_an_sdist_is_read_too() -> None:
    data = sdist("demo", "1.0", {"setup.py": "import os\nos.system('id')\n"})
    found = analyse(data, filename="demo-1.0.tar.gz", kind=Kind.SDIST, sha256=_DIGEST, detectors=(_calls,))
    assert [one.phase for one in found.evidence if one.message == "os.system"] == [Phase.INSTALL]


def test_every_kind_of_fact_is_dispatched() -> None:
    seen: dict[str, int] = {}

    def counting(kind: type) -> Detector[Any]:
        def check(fact: object) -> Iterator[Evidence]:
            seen[kind.__name__] = seen.get(kind.__name__, 0) + 1
            yield from ()

        return Detector(kind.__name__, kind, check)

    kinds = (
        Call,
        Literal,
        Import,
        Module,
        Package,
        Oddity,
        Identity,
        FileFact,
        StartupLine,
        HiddenText,
        RuleHit,
    )
    files: dict[str, bytes | str] = {
        "demo/__init__.py": "import os\nos.system('powershell -enc AAAA http://198.51.100.7/a.exe')  # \u202e\n",
        "demo.pth": "import demo\n",
        "demo/data.bin": b"MARKER",
        "../outside.txt": "",
    }
    rules = Options(rules=('rule marker { strings: $a = "MARKER" condition: $a }',))
    _wheel(files, rules, *map(counting, kinds))
    assert {kind.__name__ for kind in kinds} == seen.keys()
    assert seen["Package"] == seen["Identity"] == seen["RuleHit"] == 1


def test_a_crash_of_a_detector_is_a_gap_and_the_others_go_on() -> None:
    @detector("broken", on=Call)
    def broken(call: Call) -> Iterator[Evidence]:
        yield from (_evidence("broken", str(1 / number)) for number in (0,))

    found = _wheel({"demo/__init__.py": "a()\nb()\n"}, None, broken, _calls)
    assert _messages(found) == ["?.a", "?.b"]
    (gap,) = found.gaps
    assert gap.kind is GapKind.LIMIT and gap.what == "the detector broken"
    assert "ZeroDivisionError: division" in gap.why


def test_a_detector_sees_only_facts_that_its_condition_holds_for() -> None:
    asked: list[str] = []

    def sends(call: Call) -> bool:
        asked.append(call.target)
        return call.target.endswith("post")

    twins = [Detector(name, Call, _calls.check, sends) for name in ("one", "two")]
    found = _wheel(
        {"demo/a.py": "import requests\nrequests.post('https://a.invalid')\nprint(1)\n"}, None, *twins
    )
    assert [one.message for one in found.evidence] == ["requests.post"] * 2
    assert asked == ["requests.post", "print"], "asked once for both"


def test_a_crash_of_a_condition_is_a_gap_and_the_others_go_on() -> None:
    def broken(call: Call) -> bool:
        raise ValueError(call.target)

    found = _wheel({"demo/a.py": "eval('1')\n"}, None, Detector("one", Call, _calls.check, broken), _calls)
    assert [one.message for one in found.evidence] == ["eval"]
    assert [(one.kind, one.why) for one in found.gaps] == [(GapKind.LIMIT, "failed (ValueError: eval)")]


def test_a_crash_in_one_file_is_a_gap_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*args: Any) -> Any:
        if "bad" in args[1]:
            raise RuntimeError("no")
        return walk(*args)

    monkeypatch.setattr("stockade.analyse.engine.walk", failing)
    found = _wheel({"demo/__init__.py": "a()\n", "bad.py": "b()\n"})
    assert _messages(found) == ["?.a"]
    assert [(gap.kind, gap.what) for gap in found.gaps] == [(GapKind.LIMIT, "bad.py")]


def test_evidence_is_deduplicated_bounded_and_fair() -> None:
    @detector("noisy", on=Call)
    def noisy(call: Call) -> Iterator[Evidence]:
        for number in range(limits.MAX_EVIDENCE * 2):
            yield _evidence("noisy", f"{call.target} {number}")

    @detector("quiet", on=Call)
    def quiet(call: Call) -> Iterator[Evidence]:
        yield _evidence("quiet", "once")
        yield _evidence("quiet", "twice")

    found = _wheel({"demo/__init__.py": "a()\nb()\n"}, None, noisy, quiet)
    assert len(found.evidence) == limits.MAX_EVIDENCE
    assert [one.message for one in found.evidence if one.detector == "quiet"] == ["once", "twice"]


def test_excerpts_are_bounded() -> None:
    @detector("wordy", on=Call)
    def wordy(call: Call) -> Iterator[Evidence]:
        yield Evidence(detector="wordy", message="m", where=call.where, phase=call.phase, excerpt="x" * 5000)

    (one,) = _wheel({"demo/__init__.py": "a()\n"}, None, wordy).evidence
    assert len(one.excerpt) == limits.MAX_EXCERPT and one.phase is Phase.IMPORT


def test_lines_of_a_pth_are_code_that_runs_at_start_up() -> None:
    found = _wheel({"demo.pth": "../elsewhere\nimport os; os.system('id')\n", "hook.pth": "import hook\n",
                    "hook.py": "act()\n"})  # fmt: skip
    by_name = {one.message: one for one in found.evidence}
    assert by_name["os.system"].phase is Phase.STARTUP and str(by_name["os.system"].where) == "demo.pth:2"
    assert by_name["?.act"].phase is Phase.STARTUP


def test_a_pth_that_is_not_python_is_a_gap() -> None:
    (gap,) = _wheel({"demo.pth": "import (\n"}).gaps
    assert gap.kind is GapKind.LIMIT and gap.what == "demo.pth"


def test_a_pth_without_code_is_nothing() -> None:
    found = _wheel({"demo.pth": "../elsewhere\n", "demo.start": "demo:main\n"})
    assert not found.gaps and not found.evidence


def test_files_that_the_prefilter_leaves_are_no_gap() -> None:
    inner = "def f(x):\n    return x\n".ljust(limits.PARSED_WHOLE + 1)
    files: dict[str, bytes | str] = {"demo/__init__.py": "", "demo/inner.py": inner}
    found = _wheel(files)
    assert found.source_bytes == len(inner) and found.parsed_bytes == 0 and not found.gaps
    everything = _wheel(files, Options(everything=True))
    assert everything.parsed_bytes == len(inner)


def test_a_small_distribution_is_parsed_whole() -> None:
    inner = "def f(x):\n    return x\n".ljust(limits.PARSED_WHOLE)
    found = _wheel({"demo/__init__.py": "", "demo/inner.py": inner})
    assert found.parsed_bytes == len(inner)


def test_a_file_is_parsed_that_a_secret_may_cross_from() -> None:
    plain = "def f(x):\n    return x\n".ljust(limits.PARSED_WHOLE)
    for text in (
        "import nobody_knows_this\n",
        "from nobody_knows_this.inner import f\n",
        "f = __import__('nobody_knows_this')\n",
        "import yaml\n\ndef f(x, secret_key):\n    return x\n",
    ):
        found = _wheel({"kit/__init__.py": "", "kit/plain.py": plain, "kit/one.py": text})
        assert found.parsed_bytes == len(text), text
    for text in (
        "import yaml\n\ndef f(x, colour):\n    return x\n",
        "import os\n\ndef f(x, secret_key):\n    return x\n",
        "import kit\nfrom kit.plain import f\n",
    ):
        found = _wheel({"kit/__init__.py": "", "kit/plain.py": plain, "kit/one.py": text})
        assert found.parsed_bytes == 0, text


def test_syntax_that_cannot_be_read_is_a_gap_by_where_it_lies() -> None:
    broken = "import marshal\nexec(marshal.loads(x)\n"
    (gap,) = _wheel({"demo/x.py": broken}).gaps
    assert gap.kind is GapKind.LIMIT
    (cython,) = _wheel({"demo/x.pyx": f"#!python\n{broken}"}).gaps
    assert (cython.kind, cython.what) == (GapKind.SCOPE, "demo/x.pyx")
    (template,) = _wheel({"demo/{{ name }}/x.py": broken}).gaps
    assert template.kind is GapKind.SCOPE
    data = sdist("demo", "1.0", {"tests/x.py": broken})
    found = analyse(data, filename="demo-1.0.tar.gz", kind=Kind.SDIST, sha256=_DIGEST, detectors=())
    assert {gap.kind for gap in found.gaps} == {GapKind.SCOPE}


def test_kinds_that_are_not_analysed_are_one_gap_each() -> None:
    files: dict[str, bytes | str] = {
        "demo/a.so": b"\x7fELF",
        "demo/b.so": b"\x7fELF",
        "demo/c.so": b"\x7fELF",
        "demo/d": b"\x7fELF",
        "demo/m.pkl": b"x",
        "demo/app.js": "1",
        "demo/run.sh": "exit 0",
        "demo/run": "#!/bin/sh\n",
        "demo/x.rb": "1",
        "demo/y.rb": "1",
        "demo/m.c": "",
        "demo/n.c": "",
        "demo/a.pt": b"",
        "demo/readme.txt": "",
        "demo/tool": "#!/usr/bin/env python3\nimport os\nos.system(x)\n",
    }
    found = _wheel(files)
    shown = [gap.what for gap in found.gaps]
    assert shown == [
        "4 native files (a.so, b.so, c.so, …)",
        "2 pickles or models (m.pkl, a.pt)",
        "2 scripts in another language (x.rb, y.rb)",
        "2 sources of a native module (m.c, n.c)",
    ]
    assert {gap.kind for gap in found.gaps} == {GapKind.SCOPE}
    assert _messages(found) == ["os.system"]


def test_time_is_bounded() -> None:
    (gap,) = _wheel({"demo/__init__.py": "a()\n", "b.py": "b()\n"}, Options(seconds=-1.0)).gaps
    assert gap.kind is GapKind.LIMIT and "took more than" in gap.why


def test_parsed_source_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PARSED", 10)
    found = _wheel({"demo/__init__.py": "a()\n", "b.py": "b()\nccccccccccccccc()\n"})
    assert _messages(found) == ["?.a"]
    (gap,) = found.gaps
    assert gap.kind is GapKind.LIMIT and gap.what == "b.py"


def test_what_is_no_archive_is_a_gap_and_no_traceback() -> None:
    found = analyse(b"nothing", filename="x-1.0.tar.gz", kind=Kind.SDIST, sha256=_DIGEST, detectors=(_calls,))
    assert found.gaps and not found.evidence


def test_garbage_collection_is_as_before() -> None:
    gc.disable()
    try:
        _wheel({"demo/__init__.py": "a()\n"})
        assert not gc.isenabled()
    finally:
        gc.enable()
    _wheel({"demo/__init__.py": "a()\n"})
    assert gc.isenabled()


def test_rules_of_the_user() -> None:
    hits: list[RuleHit] = []

    @detector("rules", on=RuleHit)
    def rules(hit: RuleHit) -> Iterator[Evidence]:
        hits.append(hit)
        yield from ()

    sources = (
        'rule a { meta: description = "says a" strings: $x = "needle" condition: $x }',
        "rule b { condition: filesize > 1 }",
        "rule c { not yara",
    )
    found = _wheel({"demo/x.js": "one\ntwo needle\n", "demo/y.txt": "z"}, Options(rules=sources), rules)
    by_rule = {hit.rule: hit for hit in hits if hit.where.file == "demo/x.js"}
    assert by_rule["a"].meta == "says a" and by_rule["a"].where.line == 2
    assert by_rule["a"].excerpt == "two needle"
    assert by_rule["b"].where.line is None and by_rule["b"].excerpt == ""
    assert [gap.what for gap in found.gaps if gap.kind is GapKind.LIMIT] == ["YARA rules, source 3"]


def test_the_house_has_detectors_in_a_stable_order() -> None:
    names = [one.id for one in DETECTORS]
    assert names == sorted(names) and len(names) == len(set(names))


def test_gaps_are_gaps() -> None:
    assert all(isinstance(gap, Gap) for gap in _wheel({"demo/a.so": b"\x7fELF"}).gaps)


def test_a_large_source_that_cannot_be_cut_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGE_SOURCE", 100)
    plain = "class A(\n    Base,\n):\n    x = 1\n" + "class B:\n    y = 1\n" * 20
    found = _wheel({"demo/__init__.py": f"import os\nos.system('x')\n{plain}"}, None, _calls)
    assert [one.message for one in found.evidence] == ["os.system"]
    assert not found.gaps


def test_a_file_that_values_only_pass_through_is_no_matter_of_the_detectors() -> None:
    plain = "def f(x):\n    return x\n".ljust(limits.PARSED_WHOLE)
    files: dict[str, bytes | str] = {"kit/__init__.py": "", "kit/plain.py": plain}
    found = _wheel(files | {"kit/one.py": "import nobody_knows_this\ndef f(x):\n    act(x)\n"})
    assert found.parsed_bytes and _messages(found) == []
    found = _wheel(files | {"kit/one.py": "import requests\ndef f(x):\n    requests.post(x)\n    act(x)\n"})
    assert _messages(found) == ["requests.post", "?.act"]


def test_a_secret_that_goes_through_another_own_module_first() -> None:
    plain = "def f(x):\n    return x\n".ljust(limits.PARSED_WHOLE)
    client = "from kit.util import note\ndef login(access_key):\n    note(access_key)\n"
    util = "import nobody_knows_this\ndef note(one):\n    nobody_knows_this.take(one)\n"
    found = _wheel(
        {"kit/__init__.py": "", "kit/plain.py": plain, "kit/client.py": client, "kit/util.py": util}
    )
    assert [one.source.name for one in found.summary.handovers] == ["access_key"]


@pytest.mark.xfail(
    strict=True,
    reason="of a large distribution what only passes a secret on between own modules is not parsed",
)
def test_a_secret_that_goes_through_two_other_own_modules() -> None:
    plain = "def f(x):\n    return x\n".ljust(limits.PARSED_WHOLE)
    client = "from kit.between import pass_on\ndef login(access_key):\n    pass_on(access_key)\n"
    between = "from kit.util import note\ndef pass_on(one):\n    note(one)\n"
    util = "import nobody_knows_this\ndef note(one):\n    nobody_knows_this.take(one)\n"
    files: dict[str, bytes | str] = {"kit/__init__.py": "", "kit/plain.py": plain, "kit/client.py": client}
    found = _wheel(files | {"kit/between.py": between, "kit/util.py": util})
    assert [one.source.name for one in found.summary.handovers] == ["access_key"]


@pytest.mark.parametrize(
    ("requires", "told"), [("requests", []), ("requests\nRequires-Dist: helper-of-nobody", ["token"])]
)
def test_what_a_large_distribution_hands_to_well_known_projects_alone_is_not_told(
    requires: str, told: list[str]
) -> None:
    plain = "def f(x):\n    return x\n".ljust(limits.SMALL_DISTRIBUTION)
    one = "import requests\nimport subprocess\ndef login(token):\n    requests.Thing(token)\n    subprocess.run('x')\n"
    files: dict[str, bytes | str] = {"kit/__init__.py": "", "kit/plain.py": plain, "kit/one.py": one}
    files["demo-1.0.dist-info/METADATA"] = (
        f"Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Dist: {requires}\n"
    )
    found = _wheel(files)
    assert [one.source.name for one in found.summary.handovers] == told
