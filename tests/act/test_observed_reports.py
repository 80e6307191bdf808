"""A detonation in each of its forms: what got out is said, the rest is there, and nothing harms who reads it."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from dataclasses import replace
from itertools import pairwise

import jsonschema  # type: ignore[import-untyped] # its stubs would be one more dependency
import pytest

from stockade.act.report.json import schema_text
from stockade.act.report.look import Look
from stockade.act.report.observed import DetonationReport, Weight, chapters, spans
from stockade.act.report.observed_html import detonation_page
from stockade.act.report.observed_json import DETONATION_SCHEMA, detonation_document, detonation_object
from stockade.act.report.observed_text import detonation_lines
from stockade.model.observation import Act, Stage
from tests.act.test_audit_reports import Page
from tests.act.test_json import tightened
from tests.support.detonations import DETONATION, KEY, NOTHING, OBSERVATION, POST, TOUCHED, event, ran

REPORTS = pytest.mark.parametrize("report", [DETONATION, NOTHING], ids=["stealer", "nothing"])


def strict() -> jsonschema.Draft202012Validator:
    schema = json.loads(schema_text(DETONATION_SCHEMA))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(tightened(schema))


@REPORTS
def test_json_is_valid_and_plain(report: DetonationReport) -> None:
    text = detonation_document(report)
    strict().validate(json.loads(text))
    assert text.isascii() and text.replace("\n", "").isprintable()


def test_json_holds_everything_and_names_decoys_by_their_place() -> None:
    value = detonation_object(DETONATION)
    seen = value["observation"]
    assert len(seen["events"]) == len(OBSERVATION.events) and len(seen["ran"]) == len(OBSERVATION.ran)
    lookup, post, touched = seen["exchanges"]
    assert lookup["carried"] == []
    assert post["carried"] == [{"decoy": 0, "how": "base64"}]
    assert touched["carried"] == [{"decoy": 1, "how": ""}]
    assert b64decode(post["sent"]) == POST.sent and post["size"] == len(POST.sent)
    assert (post["cut"], touched["cut"]) == (False, True)
    assert seen["ran"][6]["code"] is None
    assert seen["decoys"][0] == {
        "what": KEY.what,
        "where": "~/.aws/credentials",
        "marker": KEY.marker.decode(),
    }
    with pytest.raises(jsonschema.ValidationError):
        strict().validate({**value, "new": 1})


def test_the_schema_tells_of_the_same_artifact_as_all_others() -> None:
    here, there = json.loads(schema_text(DETONATION_SCHEMA)), json.loads(schema_text("stockade-audit-1"))
    for name in ("artifact", "evidence", "step", "gap", "explanation"):
        assert here["$defs"][name] == there["$defs"][name]


def test_moments_stand_under_what_was_run() -> None:
    told = chapters(DETONATION)
    assert [one.stage for one in told] == sorted((one.stage for one in told), key=list(Stage).index)
    before, first, second, *_ = told
    assert before.ran is None and [one.what for one in before.moments] == ["/etc/hosts"]
    assert first.ran is OBSERVATION.ran[0] and first.moments == ()
    assert len(second.moments) == 42
    imported = next(one for one in told if one.ran and one.ran.what == "import clock_drift")
    weights = [one.weight for one in imported.moments]
    assert weights[:5] == [
        Weight.DECOY,
        Weight.DECOY,
        Weight.NETWORK,
        Weight.NETWORK,
        Weight.PROOF,
    ]


def test_only_reading_a_decoy_is_told_as_that() -> None:
    wrote = event(6.3, Stage.IMPORT, Act.WRITE, "/home/lena/.aws/credentials")
    near = event(6.3, Stage.IMPORT, Act.READ, "/home/lena/x.aws/credentials")
    variable = event(6.3, Stage.IMPORT, Act.READ, "/srv/PYPI_TOKEN")
    seen = replace(OBSERVATION, events=(wrote, near, variable), exchanges=(), ran=())
    (chapter,) = chapters(replace(DETONATION, observation=seen, carried=()))
    assert [one.weight for one in chapter.moments] == [Weight.DID, Weight.QUIET, Weight.QUIET]


def test_the_text_says_what_got_out_and_in_what_disguise() -> None:
    text = "\n".join(detonation_lines(DETONATION, Look()))
    assert re.search(
        r"✗ https +collect\.example:443 POST /c\n +carries the decoy AWS access key \(base64\)", text
    )
    assert re.search(r"\? read +/home/lena/\.aws/credentials\n +the decoy AWS access key", text)
    assert "✗ the decoy token of an index, to 2001:db8::1" in text
    assert "clock-drift --help  was stopped for taking too long, 2.5 s" in text
    assert "and 1 change of processes, 40 files read" in text
    assert "and 19 changes of files" in text
    assert "and 2 more; --format json has them all" in text and "and 3 more; --format json" in text
    assert "(failed: EACCES)" in text
    assert text.index("What got out") < text.index("BLOCK")
    assert "~/.cache/updater  48,128 bytes" in text
    # What would have stopped it from being looked at stands before what was only left out.
    assert text.index("it could not be") < text.index("it was stopped after 15 s")


def test_a_proof_is_told_however_much_else_happened() -> None:
    flood = tuple(event(10.9, Stage.TOUCH, Act.WRITE, f"/tmp/{n}") for n in range(400))
    seen = replace(OBSERVATION, events=flood)
    report = replace(DETONATION, observation=seen)
    text = "\n".join(detonation_lines(report, Look()))
    assert "carries the decoy token of an index" in text
    page = read(report)
    assert "carries the decoy token of an index" in page.text.getvalue()
    assert "361 more moments" in page.text.getvalue() and "And 61 more" in page.text.getvalue()


def test_nothing_is_told_as_nothing() -> None:
    lines = detonation_lines(NOTHING, Look())
    assert "  nothing of it was run" in lines
    assert "run behind: none; 0 decoys in reach" in lines[-1]
    for heading in ("It left behind", "What got out", "What was not seen"):
        assert heading not in lines
    text = read(NOTHING).text.getvalue()
    assert "Nothing of it was run." in text and "Decoys that got out" not in text


@pytest.mark.parametrize("look", [Look(), Look(unicode=False), Look(colour=True, width=60)])
def test_no_text_of_an_attackers_moves_the_cursor(look: Look) -> None:
    text = "\n".join(detonation_lines(DETONATION, look))
    bare = re.sub(r"\x1b\[[0-9;]*m", "", text) if look.colour else text
    assert bare.replace("\n", "").isprintable()
    assert look.unicode or text.isascii()
    assert all(len(line) <= look.width + 40 for line in bare.split("\n") if "stockade allow" not in line)


def read(report: DetonationReport) -> Page:
    page = Page()
    page.feed(detonation_page(report))
    return page


@REPORTS
def test_the_page_is_whole_loads_nothing_and_runs_nothing(report: DetonationReport) -> None:
    page = read(report)
    assert page.open == []
    assert not {"script", "b", "i", "img", "link", "iframe"} & set(page.tags)
    assert "default-src 'none'" in detonation_page(report)
    assert "\x1b" not in detonation_page(report) and "\u202e" not in detonation_page(report)


def test_the_page_says_what_was_seen() -> None:
    text = read(DETONATION).text.getvalue()
    for one in (
        *(
            "clock_drift-1.0.tar.gz",
            "AWS access key",
            "~/.aws/credentials",
            "https collect.example:443 POST /c",
        ),
        *("base64", "plain", "tcp [2001:db8::1]:4444", "560 bytes and more", "<script>alert(1)</script>"),
        *("48,128", "landlock-files, seccomp, network", "failed: EACCES", "nothing was left out", "4 decoys"),
    ):
        assert one in text, one
    assert read(DETONATION).tags.count("tr") > 50


def test_the_drawing_has_a_mark_for_what_happened_and_stays_inside() -> None:
    page = detonation_page(DETONATION)
    drawn = page[page.index('<div class="drawing">') : page.index('<p class="legend">')]
    runs = re.findall(r'<rect class="ran( bad)?" x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)
    assert [bool(bad) for bad, *_ in runs] == [one.code != 0 for one in OBSERVATION.ran]
    edges = [(float(x), float(x) + float(width)) for _, x, width in runs]
    assert all(left[1] <= right[0] for left, right in pairwise(edges))
    assert min(left for left, _ in edges) >= 104 and max(right for _, right in edges) <= 988
    assert drawn.count('class="proof"') == 2 and drawn.count('class="decoy"') >= 1
    assert "carried" not in drawn and "the decoy AWS access key (base64)" in drawn
    assert "&lt;script&gt;" in drawn and "<script>" not in drawn


@pytest.mark.parametrize("count", [1, 300])
def test_one_thing_or_hundreds_fit_the_drawing(count: int) -> None:
    runs = tuple(ran(float(n), Stage.IMPORT, f"import m{n}", took=0.001) for n in range(count))
    page = detonation_page(replace(DETONATION, observation=replace(OBSERVATION, ran=runs), carried=()))
    places = [float(x) for x in re.findall(r'<rect class="ran" x="([\d.]+)"', page)]
    assert len(places) == count and places == sorted(places) and places[-1] <= 988


def test_time_ends_with_the_last_that_was_seen() -> None:
    assert spans(DETONATION) == pytest.approx(13.9)
    assert spans(NOTHING) == 1.0
    late = replace(OBSERVATION, exchanges=(replace(TOUCHED, seconds=99.0),))
    assert spans(replace(DETONATION, observation=late)) == 99.0


def test_what_there_is_too_much_of_is_counted() -> None:
    seen = replace(
        OBSERVATION,
        exchanges=tuple(replace(POST, seconds=n / 100, sent=b"") for n in range(230)),
        dropped=OBSERVATION.dropped * 25,
    )
    carried = tuple(replace(DETONATION.carried[0], exchange=one) for one in seen.exchanges)
    text = read(replace(DETONATION, observation=seen, carried=carried)).text.getvalue()
    assert "And 130 more times." in text and "And 30 more; --format json" in text
    assert "And 50 more; --format json" in text


def test_what_nothing_speaks_against_is_told_so() -> None:
    quiet = replace(NOTHING, artifact=replace(NOTHING.artifact, reasons=()))
    assert "Nothing speaks against it." in read(quiet).text.getvalue()
    few = replace(OBSERVATION, dropped=OBSERVATION.dropped[:1], gaps=OBSERVATION.gaps[:1])
    lines = detonation_lines(replace(DETONATION, observation=few), Look())
    assert not any("more; --format json" in line for line in lines)


def test_a_decoy_that_one_exchange_carries_twice_is_told_once() -> None:
    twice = replace(DETONATION, carried=DETONATION.carried * 2)
    assert "\n".join(detonation_lines(twice, Look())).count("carries the decoy AWS access key (base64)") == 1
