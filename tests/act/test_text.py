"""The report for people: what it says, in whole, and what it never lets through."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.act.report.look import Look, look_of, wrapped
from stockade.act.report.shown import columns
from stockade.act.report.text import _WHEN, TextReport, artifact_lines, release_lines
from stockade.act.report.types import ArtifactReport, CheckReport, release_report
from stockade.analyse.code import observe
from stockade.model.evidence import Gap, GapKind, Location
from tests.support.reports import (
    ALL,
    ASK,
    BLOCKED,
    CHECK,
    CLEAN,
    CLONE,
    EVIDENCE,
    EXPLAINED,
    FLOW,
    HELPER,
    NASTY,
    SHA_A,
    SHA_B,
    TWIN,
    UNDETERMINED,
    UNFETCHED,
    Screen,
)


def told(*reports: ArtifactReport, look: Look | None = None, mode: str = "enforce") -> str:
    screen = Screen()
    report = TextReport(screen, {}, look=look or Look(width=90))
    for one in reports:
        report.artifact(one)
    report.summary(reports, mode=mode)
    return screen.getvalue()


def checked(check: CheckReport, look: Look | None = None) -> str:
    screen = Screen()
    TextReport(screen, {}, look=look or Look(width=90)).check(check)
    return screen.getvalue()


STORY = f"""\
✓ requests 2.32.3                   score 0.02  dist/requests-2.32.3-py3-none-any.whl

✗ reqeusts 2.32.1                   BLOCK  score 0.99
  reqeusts-2.32.1.tar.gz
  while it is installed
    runs a command through a shell                      setup.py:14
      │ os.system("curl")
      also setup.py:19
  when it is imported
    opens a connection                                 reqeusts/api.py:3 (decoded layer 1)
      │ connect('x') \\x1b[2J\\x9b31m\\x07 \\u202egpj\\u202c\\u200b\\U000e0041\\udcff[red]x[/red]
  in its form
    has another name in its metadata than in its file name  PKG-INFO
  not looked at
    data/\\x1b[2J\\x9b31m\\x07 \\u202egpj\\u202c\\u200b\\U000e0041\\udcff[red]x[/red].bin: is
    encrypted
  because
    its score 0.99 reaches 0.62, from where on it is blocked
  Do not install it. If it is already installed somewhere, treat that machine's secrets as
  read.
  To allow it all the same, with your reason:
    stockade allow reqeusts==2.32.1 --sha256 {SHA_A} --for 7d --because '…'

2 files: 1 blocked, 1 allowed.
"""


def test_a_clean_file_is_a_line_and_a_trojan_is_a_story() -> None:
    assert told(CLEAN, BLOCKED) == STORY


WAY = """\
✗ skycloud-client 1.0.1             BLOCK  score 0.99
  dist/skycloud_client-1.0.1-py3-none-any.whl
  when its code is called
    hands its caller's `access_key_secret` to clock-drift  skycloud/client.py:47
      → comes in as `access_key_secret`                 skycloud/client.py:31
      → is kept in the field `_drift_stamp`             skycloud/client.py:47
      in clock_drift-0.0.2-py3-none-any.whl
      → comes in as `stamp`                             clock_drift/__init__.py:10
      → is sent to \\x1b[2J\\x9b31m\\x07 \\u202egpj\\u202c\\u200b\\U000e0041\\udcff[red]x[/red]
          clock_drift/__init__.py:17
      in this file
      → comes back                                      skycloud/client.py:60
  because
"""


def test_the_way_of_a_secret_is_told_a_step_a_line() -> None:
    assert told(CLONE).startswith(WAY)
    narrow = told(CLONE, look=Look(width=60, unicode=False))
    assert "\n      > is kept in the field `_drift_stamp`\n          skycloud/client.py:47\n" in narrow


def test_a_way_is_told_once_in_a_run() -> None:
    taking = replace(
        FLOW,
        detector="receives-and-sends",
        message="takes it",
        path=tuple(replace(step, artifact=step.artifact or CLONE.artifact[5:]) for step in FLOW.path),
    )
    helper = replace(CLONE, artifact=HELPER, project="clock-drift", version="0.0.2", evidence=(taking,))
    text = told(CLONE, helper)
    assert text.count("is kept in the field `_drift_stamp`") == 1
    assert "takes it   " in text and "\n      → by the way that is told of skycloud-client 1.0.1\n" in text
    assert "by the way" not in told(helper)


def test_a_way_that_is_no_longer_than_its_place_is_left_out() -> None:
    short = replace(FLOW, path=(replace(FLOW.path[1], what="stays"),), message="keeps it")
    assert "→" not in told(replace(CLONE, evidence=(short,)))


def test_of_one_kind_in_one_place_the_first_is_told() -> None:
    kin = tuple(replace(EVIDENCE[0], message=f"bites {one}") for one in ("him", "her", "it"))
    text = told(replace(BLOCKED, evidence=kin))
    assert "bites him" in text and "bites her" not in text
    assert "\n      and 2 more of the kind there\n" in text


CHECKED = f"""\
+ requests 2.32.3                   1 file, score 0.02  (brought in)

x reqeusts 2.32.1                   BLOCK  score 0.99
  reqeusts-2.32.1.tar.gz
    while it is installed
      runs a command through a shell                      setup.py:14
        | os.system("curl")
        also setup.py:19
    when it is imported
      opens a connection           reqeusts/api.py:3 (decoded layer 1)
        | connect('x') \\x1b[2J\\x9b31m\\x07 \\u202egpj\\u202c\\u200b\\U000e0
        | 041\\udcff[red]x[/red]
    in its form
      has another name in its metadata than in its file name  PKG-INFO
    not looked at
      data/\\x1b[2J\\x9b31m\\x07
      \\u202egpj\\u202c\\u200b\\U000e0041\\udcff[red]x[/red].bin: is
      encrypted
    because
      its score 0.99 reaches 0.62, from where on it is blocked
  reqeusts-2.32.1-py3-none-any.whl
    score 0.97, the same as in reqeusts-2.32.1.tar.gz
  Do not install it. If it is already installed somewhere, treat that
  machine's secrets as read.
  To allow it all the same, with your reason:
    stockade allow reqeusts==2.32.1 --sha256 {SHA_A} --for 7d --because '...'
    stockade allow reqeusts==2.32.1 --sha256 {SHA_B} --for 7d --because '...'

! gone 1                            UNDETERMINED  score 0.02  (brought in by another)
  gone-1.tar.gz
    because
      1 part of it could not be looked at, and the policy does not
      accept that
  It could not be judged, which is not the same as harmless. Look at
  what was left out.

- left-pad: has only an sdist whose metadata could not be read
  Releases of the last 3 days were left out.

3 releases: 1 blocked, 1 undetermined, 1 allowed.
for Python 3.11.7 (as asked); index: the test index; policy:
stockade.toml; analyser behind 2 walls
"""


def test_an_explanation_is_a_sum_a_person_can_follow() -> None:
    lines = artifact_lines(EXPLAINED, Look())
    start = lines.index("  its score")
    assert lines[start + 1 : start + 7] == [
        "     -3.00        where nothing is seen",
        "     +6.00   80 %  install-shell                  install",
        "     +1.50   20 %  import-network                 import, call; by a prior",
        "     +0.00    0 %  name-disagreement              form",
        "    in full where it is in setup.py, in part elsewhere",
        "    = +4.50 in log-odds: a score of 0.99",
    ]
    allowed = replace(CLEAN, explanation=EXPLAINED.explanation)
    assert "    its score" in artifact_lines(allowed, Look())
    assert "    its score" in release_lines(release_report("requests", "1", (allowed,), direct=True), Look())
    assert "  its score" not in artifact_lines(BLOCKED, Look())


def test_a_check_tells_refusals_last_and_the_same_story_once() -> None:
    assert checked(CHECK, Look(width=70, unicode=False)) == CHECKED


def test_what_a_check_could_not_look_at_stands_out() -> None:
    gap = Gap(kind=GapKind.LIMIT, what="", why="the closure is too large")
    assert "\n! the closure is too large\n" in checked(replace(CHECK, gaps=(gap,)))


def test_notes_are_told_and_escaped() -> None:
    screen = Screen()
    TextReport(screen, {}, look=Look(width=60)).notes(["first " * 12, NASTY])
    lines = screen.getvalue().splitlines()
    assert len(lines) == 4 and all(line.startswith("  ") and line.isprintable() for line in lines)


def test_another_story_is_told_in_full() -> None:
    other = replace(TWIN, evidence=EVIDENCE[:1])
    text = checked(
        replace(CHECK, releases=(release_report("reqeusts", "2.32.1", (BLOCKED, other), direct=True),))
    )
    assert "the same as in" not in text and text.count("runs a command through a shell") == 2


@pytest.mark.parametrize("action", ["block", "undetermined", "ask"])
def test_every_refusal_prints_the_command_or_says_why_not(action: str) -> None:
    assert f"\n    {BLOCKED.waive}\n" in told(replace(BLOCKED, action=action))
    without = told(replace(BLOCKED, action=action, waive=""))
    assert "stockade allow" not in without and "The policy admits no waivers" in without
    assert "waivers" not in told(UNFETCHED), "there are no bytes that a waiver could name"


def test_each_action_says_what_to_do_next() -> None:
    assert "Do not install it." in told(BLOCKED)
    assert "not the same as harmless" in told(UNDETERMINED)
    assert "A person must decide" in told(ASK)


def test_what_was_let_pass_is_still_told() -> None:
    waived = replace(
        CLEAN, score=0.9, reasons=(f"waived until tomorrow by {NASTY}: ours", "its score 0.90 reaches 0.62")
    )
    text = told(waived)
    assert "waived until tomorrow by \\x1b" in text and "its score 0.90 reaches" in text
    assert "its score is" not in told(CLEAN)
    release = release_report("requests", "2.32.3", (waived,), direct=True)
    assert "waived until tomorrow" in checked(replace(CHECK, releases=(release,)))


def test_summaries() -> None:
    assert told(*ALL).endswith("6 files: 2 blocked, 2 undetermined, 1 for you to decide, 1 allowed.\n")
    assert told(CLEAN).endswith("1 file: 1 allowed.\n")
    assert told() == "Nothing was inspected.\n"
    assert told(BLOCKED, mode="monitor").endswith("1 file: 1 blocked. Monitor mode: nothing is refused.\n")
    assert "Monitor" not in told(CLEAN, mode="monitor")
    assert "behind no wall" in checked(replace(CHECK, walls=()))


def test_much_is_counted_rather_than_told() -> None:
    many = tuple(
        replace(EVIDENCE[0], message=f"does thing {n}", where=Location(file=f"f{k}.py", line=n))
        for n in range(1, 15)
        for k in range(6)
    )
    gaps = tuple(Gap(kind=GapKind.LIMIT, what=f"m{n}", why="is encrypted") for n in range(7))
    text = told(replace(BLOCKED, evidence=many, gaps=gaps))
    assert "does thing 10" in text and "does thing 11" not in text
    assert "\n  and 4 more; --format json has them all\n" in text
    assert "also f1.py:1, f2.py:1 and 3 more" in text
    assert "m3: is encrypted" in text and "m4" not in text and "\n    and 3 more\n" in text


def test_a_phase_stands_where_its_strongest_evidence_does() -> None:
    text = told(replace(BLOCKED, evidence=(EVIDENCE[2], EVIDENCE[0], EVIDENCE[2])))
    assert text.index("when it is imported") < text.index("while it is installed")
    assert text.count("when it is imported") == 1


def test_a_message_does_not_repeat_its_heading() -> None:
    """The headings are the words that detectors end with; told under them they would stand twice."""
    for phase, words in _WHEN.items():
        if phase is None:
            continue
        assert observe._WHEN[phase] == words
        text = told(replace(BLOCKED, evidence=(replace(EVIDENCE[0], phase=phase, message=f"bites {words}"),)))
        assert f"\n  {words}\n    bites   " in text and text.count(words) == 1


def test_one_place_is_told_together_and_its_text_once() -> None:
    first, elsewhere = EVIDENCE[0], replace(EVIDENCE[0], message="eats", where=Location(file="z.py", line=1))
    again = replace(first, message="sleeps", detector="sleep")
    text = told(replace(BLOCKED, evidence=(first, elsewhere, again)))
    lines = [line.strip().split("   ")[0] for line in text.splitlines()]
    at = lines.index("while it is installed")
    bar = '│ os.system("curl")'
    assert lines[at + 1 : at + 6] == ["runs a command through a shell", bar, "sleeps", "eats", bar]


def test_code_does_not_hide_behind_blanks_or_length() -> None:
    hidden = replace(EVIDENCE[0], excerpt="x = 1" + " " * 180 + "exec(payload)")
    assert "│ x = 1 [...] exec(payload)\n" in told(replace(BLOCKED, evidence=(hidden,)))
    long = replace(EVIDENCE[0], excerpt="日本" * 100)
    rows = [
        line
        for line in told(replace(BLOCKED, evidence=(long,)), look=Look(width=50)).splitlines()
        if "│" in line
    ]
    assert len(rows) == 3 and all(columns(row) <= 50 for row in rows) and rows[-1].endswith("…")


@pytest.mark.parametrize("report", [*ALL, CLONE], ids=lambda one: one.action + one.artifact)
@pytest.mark.parametrize("look", [Look(width=50), Look(width=120), Look(width=80, unicode=False)])
def test_no_attacker_text_reaches_the_screen_raw(report: ArtifactReport, look: Look) -> None:
    evidence = tuple(
        replace(
            one,
            message=NASTY,
            where=Location(file=NASTY, line=1),
            path=tuple(
                replace(step, artifact=NASTY, what=NASTY, where=Location(file=NASTY)) for step in one.path
            ),
        )
        for one in report.evidence
    )
    nasty = replace(
        report, artifact=NASTY, project=NASTY, version=NASTY, evidence=evidence, reasons=(NASTY,), waive=""
    )
    release = release_report(NASTY, NASTY, (nasty,), direct=False)
    check = replace(
        CHECK,
        releases=(release,),
        notes=(NASTY,),
        index=NASTY,
        policy=NASTY,
        walls=(NASTY,),
        requested=(NASTY,),
    )
    for text in (told(nasty, look=look), checked(check, look)):
        assert text.replace("\n", "").isprintable()
        assert look.unicode or text.isascii()
        assert "[red]" in text, "markup is text"


@given(st.text(max_size=60), st.text(max_size=60), st.integers(50, 120))
@settings(max_examples=50)
def test_any_text_keeps_the_width(name: str, message: str, width: int) -> None:
    evidence = (replace(EVIDENCE[0], message=message or "x", excerpt=name),)
    text = told(replace(BLOCKED, project=name, evidence=evidence, waive="", gaps=()), look=Look(width=width))
    for line in text.splitlines():
        assert line.isprintable()
        if " " in line.strip():
            assert columns(line) <= max(width, 82), line


def test_colours_only_where_they_are_wanted() -> None:
    plain, coloured = told(BLOCKED), told(BLOCKED, look=Look(width=90, colour=True))
    assert "\x1b" not in plain and "\x1b[1;31mBLOCK\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize(
    ("environ", "terminal", "colour"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_when_colours_are_wanted(environ: dict[str, str], terminal: bool, colour: bool) -> None:
    assert look_of(Screen(terminal=terminal), environ).colour is colour


@pytest.mark.parametrize(
    ("encoding", "unicode"),
    [("utf-8", True), ("UTF8", True), ("ascii", False), ("iso-8859-1", False), ("", False)],
)
def test_characters_fit_the_stream(encoding: str, unicode: bool) -> None:
    assert look_of(Screen(encoding=encoding), {}).unicode is unicode


def test_widths_are_kept_within_reason() -> None:
    assert look_of(Screen(), {"COLUMNS": "77"}).width == 100, "a pipe has no width of its own"
    for said, width in (("20", 50), ("77", 77), ("400", 120), ("0", 100), ("many", 100)):
        assert look_of(Screen(terminal=True), {"COLUMNS": said}).width == width


def test_a_terminal_is_asked_for_its_width() -> None:
    import fcntl
    import pty
    import struct
    import termios

    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 63, 0, 0))
    with open(follower, "w", encoding="utf-8") as stream:
        assert look_of(stream, {}) == Look(colour=True, unicode=True, width=63)
    os.close(leader)


def test_of_a_long_path_the_name_is_kept() -> None:
    assert Look().path("/a/b/c/name.whl", 11) == "…c/name.whl"
    assert Look(unicode=False).path("/a/b/c/name.whl", 11) == "...name.whl"
    assert Look().path("a\x1b.whl", 20) == "a\\x1b.whl"
    line = told(replace(CLEAN, artifact="/very/long" * 20 + "/name.whl")).splitlines()[0]
    assert line.endswith("long/name.whl") and "…" in line and len(line) <= 90


def test_lines_break_at_spaces() -> None:
    assert wrapped("aa bb cc", 7, "  ") == ["  aa bb", "  cc"]
    assert wrapped("a" * 30, 10, "") == ["a" * 30], "a path or a command is never torn"
    assert wrapped("", 10, "  ") == ["  "]


def test_reports_load_no_library() -> None:
    code = (
        "import sys; import stockade.act.report.text, stockade.act.report.json, stockade.act.report.progress\n"
        "sys.exit(', '.join({'rich', 'msgspec', 'httpx', 'sqlite3', 'jsonschema'} & set(sys.modules)) or 0)"
    )
    got = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )
    assert got.returncode == 0, got.stderr


def test_what_is_only_too_young_is_not_said_to_have_read_secrets() -> None:
    young = replace(CLEAN, action="block", reasons=("its project is new, and it was uploaded 3 hours ago",))
    assert "treat that machine's secrets" not in told(young)
    assert "The policy does not let it in, for the reason above." in told(young)
