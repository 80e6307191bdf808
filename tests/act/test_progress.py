"""The bar: on a terminal only, never wider than it, gone in the end."""

from __future__ import annotations

import pytest

from stockade.act.report.look import Look
from stockade.act.report.progress import Bar, Silent, progress
from tests.support.reports import NASTY, Screen


class Clock:
    """Seconds, as the test sets them."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_what_the_bar_shows() -> None:
    clock = Clock()
    bar = Bar("scanning", Screen(terminal=True), Look(width=70, unicode=False), clock)
    assert bar.line() == "scanning 0:00"
    bar.say("reading the lock")
    assert bar.line() == "scanning 0:00 reading the lock"
    bar.step("one.whl")
    assert bar.line() == "scanning 1 done 0:00 one.whl"
    bar.total(4)
    clock.now += 83
    bar.step("two.whl")
    assert bar.line() == "scanning ============------------ 2/4 1:23 two.whl"
    for _ in range(9):
        bar.step("more")
    assert "======================== 11/4" in bar.line()


@pytest.mark.parametrize("width", [50, 60, 120])
@pytest.mark.parametrize("colour", [True, False])
def test_labels_are_cut_and_escaped(width: int, colour: bool) -> None:
    bar = Bar("scanning", Screen(terminal=True), Look(width=width, colour=colour), Clock())
    bar.total(1000)
    bar.step(NASTY * 20)
    line = bar.line().replace("\x1b[32m", "").replace("\x1b[2m", "").replace("\x1b[0m", "")
    assert line.isprintable() and len(line) < width


def test_drawing_is_seldom_and_the_last_step_is_drawn() -> None:
    clock, screen = Clock(), Screen(terminal=True)
    bar = Bar("scanning", screen, Look(width=80), clock)
    bar.total(100)
    for number in range(100):
        bar.step(str(number))
    assert screen.getvalue().count("\r") == 2
    assert "100/100" in screen.getvalue()
    clock.now += 1
    bar.step("later")
    assert screen.getvalue().count("\r") == 3


def test_it_steps_aside_and_leaves_no_trace() -> None:
    screen = Screen(terminal=True)
    with progress("scanning", {}, stream=screen) as bar:
        bar.total(2)
        bar.step("one")
        with bar.aside():
            assert screen.getvalue().endswith("\r\x1b[K")
            screen.write("report\n")
        assert "scanning" in screen.getvalue().rsplit("report\n", 1)[1]
    assert screen.getvalue().endswith("\r\x1b[K")


def test_it_goes_away_when_the_work_fails() -> None:
    screen = Screen(terminal=True)
    with pytest.raises(KeyboardInterrupt), progress("scanning", {}, stream=screen):
        raise KeyboardInterrupt
    assert screen.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("terminal", "environ", "wanted"), [(False, {}, True), (True, {"TERM": "dumb"}, True), (True, {}, False)]
)
def test_where_there_is_no_bar(terminal: bool, environ: dict[str, str], wanted: bool) -> None:
    screen = Screen(terminal=terminal)
    with progress("scanning", environ, stream=screen, wanted=wanted) as bar:
        assert isinstance(bar, Silent)
        bar.total(2)
        bar.say("x")
        bar.step("x")
        with bar.aside():
            pass
    assert screen.getvalue() == ""
