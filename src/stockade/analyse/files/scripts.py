"""What scripts of other interpreters do: shells, PowerShell, batch files, JavaScript, Windows scripts.

Text is only searched, never run or evaluated, and every search is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stockade import limits
from stockade.analyse.files import script_rules as rules
from stockade.analyse.files.facts import Deed
from stockade.analyse.files.script_text import Language, Script
from stockade.analyse.marks.kinds import Rule

#: Names of saved files that are looked for again.
_SAVED = 16
#: How many different names, pieces or characters make a script unreadable on purpose.
_MANGLED_NAMES, _PIECES, _CHARACTERS = 30, 15, 12
#: Kinds of secrets that one script gathers before it sends something.
_KINDS = 2
#: A Node program that names this many kinds and sends is no library that reads one of them.
_SWEEP = 3
#: Longer lines are data.
_LINE = 2_000
#: Larger ones are bundles: that they name something says little.
_BUNDLE = 1 << 19


@dataclass(frozen=True, slots=True)
class Found:
    """A deed, the line from 1, and the text that shows it."""

    deed: Deed
    line: int
    excerpt: str


def deeds(script: Script) -> list[Found]:
    """What a script does, each deed once, in the order of its lines."""
    found: dict[Deed, Found] = {}
    for deed, at, end in _LOOK[script.language](script):
        if deed not in found:
            found[deed] = Found(deed, script.number(at), script.shown(at, end))
    return sorted(found.values(), key=lambda one: one.line)


_Look = Iterator[tuple[Deed, int, int]]

_COMMAND = r"(?:^|[;&|(]|\bthen\s|\bdo\s|\bsudo\s|\bexec\s|\bnohup\s)\s{0,20}[\"']?"
#: What stands before the name of a file that is started.
_STARTED = {
    Language.SHELL: rf"(?:\bchmod\s[^\n]{{0,40}}?|\b(?:ba|z)?sh\s|\bpython3?\s|\bsource\s|{_COMMAND})[\"']?",
    Language.POWERSHELL: r"(?:start-process|invoke-item|\bii|&|\bstart)\s[^\n]{0,60}?",
    Language.BATCH: r"(?:^\s{0,20}|\bstart\s|\bcall\s|\bcmd\s{1,4}/c\s|[;&]\s{0,4})(?:\"\"\s|/\w{1,8}\s){0,4}[\"']?",
}
_FOLDER = r"(?:[^\s\"';&|]{0,120}[\\/])?"


def _shell(script: Script) -> _Look:
    yield from _first(Deed.RUNS_FETCHED, script, rules.SHELL_RUNS_FETCHED, foreign=True)
    yield from _saved_and_run(script, rules.SHELL_SAVED, Language.SHELL)
    yield from _first(Deed.RUNS_DECODED, script, rules.SHELL_RUNS_DECODED)
    yield from _runtime(script)
    yield from _first(Deed.SENDS_SECRETS, script, rules.SHELL_SENDS_ENVIRONMENT)
    yield from _gathered(script)
    yield from _first(Deed.OPENS_SHELL, script, rules.SHELL_OPENS)


def _powershell(script: Script) -> _Look:
    yield from _first(Deed.RUNS_FETCHED, script, rules.POWERSHELL_RUNS_FETCHED, foreign=True)
    yield from _saved_and_run(script, rules.POWERSHELL_SAVED, Language.POWERSHELL)
    yield from _first(Deed.RUNS_DECODED, script, rules.POWERSHELL_RUNS_DECODED)
    yield from _runtime(script)
    yield from _gathered(script)
    yield from _first(Deed.DISABLES, script, rules.DISABLES)
    yield from _many(script, rules.POWERSHELL_CHARACTERS, _CHARACTERS, distinct=False)


def _batch(script: Script) -> _Look:
    yield from _first(Deed.RUNS_FETCHED, script, rules.BATCH_RUNS_FETCHED)
    yield from _first(Deed.RUNS_FETCHED, script, rules.POWERSHELL_RUNS_FETCHED, foreign=True)
    for saved in (rules.BATCH_SAVED, rules.POWERSHELL_SAVED):
        yield from _saved_and_run(script, saved, Language.BATCH)
    yield from _saved_and_run(script, rules.BATCH_DECODED, Language.BATCH, Deed.RUNS_DECODED)
    yield from _first(Deed.RUNS_DECODED, script, rules.POWERSHELL_RUNS_DECODED)
    yield from _runtime(script)
    yield from _gathered(script)
    yield from _first(Deed.DISABLES, script, rules.DISABLES)
    yield from _many(script, rules.BATCH_PIECES, _PIECES, distinct=False)


def _javascript(script: Script) -> _Look:
    yield from _first(Deed.RUNS_DECODED, script, *rules.JS_RUNS_DECODED)
    yield from _many(script, rules.JS_MANGLED, _MANGLED_NAMES, distinct=True)
    yield from _first(Deed.MANGLED, script, rules.JS_SIX)
    yield from _first(Deed.RUNS_FETCHED, script, *rules.JS_RUNS_FETCHED, foreign=True)
    if script.holds(rules.JS_STARTS):
        yield from _runtime(script)
    if script.holds(rules.JS_SENDS):
        yield from _sent(script)


def _sent(script: Script) -> _Look:
    """What a JavaScript that sends something at all may send."""
    if len(script.text) <= _BUNDLE:
        yield from _first(Deed.SENDS_SECRETS, script, *rules.JS_SENDS_ENVIRONMENT)
    places = [at for name in rules.JS_SECRETS if (at := script.text.find(name)) >= 0]
    if len(places) >= _SWEEP and script.holds(rules.JS_NODE):
        yield Deed.SENDS_SECRETS, min(places), min(places) + 20


def _windows(script: Script) -> _Look:
    fetch, run = script.first(rules.VBS_FETCHES), script.first(rules.VBS_RUNS)
    if fetch and run:
        yield Deed.RUNS_FETCHED, fetch.start(), fetch.end()
    yield from _first(Deed.RUNS_FETCHED, script, rules.BATCH_RUNS_FETCHED, rules.POWERSHELL_RUNS_FETCHED)
    yield from _first(Deed.RUNS_DECODED, script, rules.POWERSHELL_RUNS_DECODED)
    yield from _many(script, rules.VBS_CHARACTERS, _CHARACTERS, distinct=False)


_LOOK: dict[Language, Callable[[Script], _Look]] = {
    Language.SHELL: _shell,
    Language.POWERSHELL: _powershell,
    Language.BATCH: _batch,
    Language.JAVASCRIPT: _javascript,
    Language.WINDOWS: _windows,
}


def _first(deed: Deed, script: Script, *wanted: Rule, foreign: bool = False) -> _Look:
    """The first match of each; with `foreign` the first on a line that names no well-known maker's own place."""
    for rule in wanted:
        for match in script.all(rule):
            if not foreign or not rules.MAKERS.search(script.line(match)):
                yield deed, match.start(), match.end()
                break


def _saved_and_run(script: Script, saved: Rule, language: Language, deed: Deed = Deed.RUNS_FETCHED) -> _Look:
    """A file that a fetch writes, and the command further on that starts it."""
    seen: set[str] = set()
    for match in script.all(saved):
        name = next((group for group in match.groups() if group), "").strip("\"'(){}")
        short = re.split(r"[\\/]", name)[-1]
        if len(short) < 2 or short in seen or short.startswith(("-", "&")):
            continue
        if len(seen) >= _SAVED:
            return
        seen.add(short)
        if rules.MAKERS.search(script.line(match)):
            continue
        pattern = rf"{_STARTED[language]}{_FOLDER}{re.escape(short)}(?![\w.-])"
        again = re.compile(pattern, re.IGNORECASE | re.MULTILINE).search(script.text, match.end())
        if again is not None:
            yield deed, match.start(), min(again.end(), match.end() + limits.MAX_EXCERPT)


def _runtime(script: Script) -> _Look:
    place = script.first(rules.RUNTIME_PLACE)
    if place is not None and script.first(rules.RUNTIME_USED):
        yield Deed.BRINGS_RUNTIME, place.start(), place.end()


def _secrets(line: str) -> Iterator[tuple[int, int]]:
    """Where a line names secret places."""
    low = line.lower()
    for rule in rules.SECRET_PLACES:
        if any(needle in low for needle in rule.needles):
            yield from (match.span() for match in rule.pattern.finditer(line))


def _gathered(script: Script) -> _Look:
    """A line that sends a secret file; or lines that read several kinds of them, in a script that sends."""
    if script.first(rules.SENDING_LINE) is None:
        return
    read: dict[str, tuple[int, int]] = {}
    at = 0
    for line in script.text.split("\n"):
        if len(line) <= _LINE:
            for start, end in _secrets(line):
                if rules.SENDING_LINE.pattern.search(line):
                    yield Deed.SENDS_SECRETS, at + start, at + end
                    return
                if rules.READING_LINE.pattern.search(line):
                    read.setdefault(line[start:end].lower().strip("\\/"), (at + start, at + end))
        at += len(line) + 1
    if len(read) >= _KINDS:
        start, end = next(iter(read.values()))
        yield Deed.SENDS_SECRETS, start, end


def _many(script: Script, rule: Rule, least: int, *, distinct: bool) -> _Look:
    """Enough matches (different ones if `distinct`) to call the script unreadable."""
    seen: set[object] = set()
    first: re.Match[str] | None = None
    for match in script.all(rule):
        first = first or match
        seen.add(match[0] if distinct else match.start())
        if len(seen) >= least:
            yield Deed.MANGLED, first.start(), first.end()
            return
