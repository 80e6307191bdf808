"""What `stockade who` prints: a card, or an object a line."""

from __future__ import annotations

import json
from typing import Protocol

from stockade.act.report.look import Look, wrapped
from stockade.analyse.identity.names import About, Lookalike

#: Mechanism -> in words, after "may be taken for X: ".
SAID = {
    "addition": "a letter too many",
    "affix": "the same with words around it",
    "brand": "a brand's name, and nothing says that it is the brand's",
    "combosquat": "that name with a word added",
    "delimiter": "other delimiters",
    "homoglyph": "characters that look like others",
    "import-name": "what that is imported as",
    "keyboard": "a neighbouring key",
    "known-as": "what people, or language models, call that",
    "lookalike-letter": "letters that look alike",
    "numeral": "another number",
    "omission": "a letter left out",
    "omitted-affix": "that name without the words around it",
    "plural": "a plural",
    "repetition": "a letter doubled, or one of a pair left out",
    "sound": "sounds the same",
    "standard-library": "a module that comes with Python",
    "substitution": "another letter",
    "synonym": "words that mean the same",
    "transposition": "two letters swapped",
    "two-edits": "two letters differ",
    "vowel": "other vowels",
    "word-order": "other order of words",
}
_LABEL = 11


class Counts(Protocol):
    """The table's date and last count."""

    @property
    def date(self) -> str: ...
    @property
    def fewer(self) -> int: ...
    @property
    def known(self) -> int: ...
    def rank(self, name: str) -> int | None: ...


def record(asked: str, about: About, date: str) -> str:
    """One line of JSON: name as asked, known, downloads a month (null: fewer than the list's last count), lookalikes
    with the likeliest first, and when the counts were taken."""
    return json.dumps(
        {
            "name": asked,
            "known": about.known,
            "downloads": about.downloads,
            "lookalikes": [
                {
                    "target": one.target,
                    "mechanisms": list(one.mechanisms),
                    "score": one.score,
                    "target_downloads": one.downloads,
                }
                for one in about.lookalikes
            ],
            "as_of": date,
        }
    )


def card(asked: str, about: About, counts: Counts, look: Look) -> list[str]:
    """The lines of a card on what a name alone tells."""
    glyph = "ask" if about.lookalikes else "allow" if about.known else "dot"
    sign = look.glyph(glyph) if glyph == "dot" else look.action(glyph, look.glyph(glyph))
    lines = [f"{sign} {look.paint(look.shown(asked, 100), 'bold')}"]
    lines += _row("downloads", downloads(about.downloads, counts), look)
    if about.known:
        rank = counts.rank(about.name)
        lines += _row("known", f"number {rank:,} of the {counts.known:,} most downloaded", look)
    else:
        lines += _row("known", f"no: it is not among the {counts.known:,} most downloaded", look)
    for one in about.lookalikes:
        lines += _row("lookalike", f"of {look.shown(one.target)}{_renown(one, counts)}: {words(one)}", look)
    if not about.lookalikes:
        said = "a well-known name accuses nobody and is accused of nothing" if about.known else "none"
        lines += _row("lookalike", said, look)
    return lines


def downloads(number: int | None, counts: Counts) -> str:
    """How much a project is downloaded, with the date; what is not on the list has fewer than its last."""
    if number is None:
        return f"fewer than {counts.fewer:,} a month ({counts.date})"
    return f"{number:,} a month ({counts.date})"


def words(one: Lookalike) -> str:
    """Its mechanisms in words."""
    return ", ".join(SAID.get(mechanism, mechanism) for mechanism in one.mechanisms)


def _renown(one: Lookalike, counts: Counts) -> str:
    if one.downloads is None:
        return " (Python's standard library)"
    times = one.downloads // max(counts.fewer, 1)
    more = f", at least {times:,} times as many" if times > 1 else ""
    return f" ({one.downloads:,} downloads a month{more})"


def _row(label: str, text: str, look: Look) -> list[str]:
    first, *rest = wrapped(text, look.width, " " * (_LABEL + 4))
    return [f"    {look.paint(label.ljust(_LABEL), 'dim')}{first.lstrip()}", *rest]
