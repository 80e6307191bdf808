"""Text in a Python source that a reader does not see, or sees otherwise than Python does.

Cheap searches over the bytes decide whether there is anything to look at; only then is the file decoded, and
only what was found is judged by where it stands: an invisible character joins letters in Persian or Hindi
text, and a table of them in a string is a table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from stockade import limits
from stockade.analyse.files.facts import HiddenText, Hiding
from stockade.analyse.files.lexer import Lexed, Span, Where
from stockade.model.evidence import Location

#: Columns of nothing after which code is out of sight; a tab counts as eight.
_FAR = 150
_TAB = b" " * 8
#: A run of blanks that could hold data: this many, with this many changes between space and tab.
_CODED, _CHANGES = 64, 24
#: Lines that end in a mixture of spaces and tabs.
_CODED_LINES = 16
#: Invisible characters in a row that no script or emoji needs.
_INVISIBLE_RUN = 8

_ASCII = bytes(range(128))
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\u180e\u3164\ufe00-\ufe0f\U000e0000-\U000e01ef]+")
#: Asks for the coloured picture of the symbol before it.
_EMOJI = "\ufe0f"
_BLANK_RUN = re.compile("[ \t]+")
_LINE_END = re.compile("[ \t]{8,}$", re.MULTILINE)
_WORD = re.compile(r"\w+")

#: Letters that look like Latin ones; other Greek and Cyrillic letters show what they are.
_LOOKALIKES = frozenset(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u0432\u043a\u043c\u043d\u0442"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405"
    "\u03bf\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u0578\u057d\u0585\u0561\u0570"
)


def hidden_text(path: str, data: bytes) -> Iterator[HiddenText]:
    """What is hidden in the Python source `data` (its first limits.MAX_SOURCE bytes), at most MAX_HIDDEN.

    `path` as it is to be shown. Bidirectional controls follow Trojan Source (Boucher and Anderson, 2021).
    """
    data = data[: limits.MAX_SOURCE]
    if b"\0" in data:
        return  # Python refuses it, so it is no source
    blank = _has_far_run(data)
    coded = b"\t" in data and (data.count(b" \t") >= _CODED_LINES or data.count(b"\t ") >= _CODED_LINES)
    foreign = "" if data.isascii() else "".join(set(data.translate(None, _ASCII).decode("utf-8", "ignore")))
    invisible = bool(foreign) and (_BIDI.search(foreign) or _INVISIBLE.search(foreign)) is not None
    strange = "".join(char for char in foreign if char in _LOOKALIKES or _plain(char))
    if blank or coded or invisible or strange:
        page = _Page(path, data.decode("utf-8", "replace"))
        found = page.everything(blank=blank, coded=coded, invisible=invisible, strange=strange)
        yield from islice(found, limits.MAX_HIDDEN)


def _has_far_run(data: bytes) -> bool:
    """Whether some run of spaces and tabs is _FAR columns wide."""
    if b"\t" in data:
        data = data.replace(b"\t", _TAB)
    return b" " * _FAR in data


def _plain(char: str) -> bool:
    """Whether a character that is not ASCII becomes an ASCII letter in Python's eyes (PEP 3131: NFKC)."""
    folded = unicodedata.normalize("NFKC", char)
    return folded.isascii() and folded.isalpha()


class _Page:
    """One source that has something to look at."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._text = text

    @cached_property
    def _lexed(self) -> Lexed:
        return Lexed(self._text)

    def everything(self, *, blank: bool, coded: bool, invisible: bool, strange: str) -> Iterator[HiddenText]:
        """All that the byte searches gave reason to look for."""
        if invisible:
            yield from self._bidi()
            yield from self._zero_width()
        if blank:
            yield from self._far_right()
        if coded:
            yield from self._whitespace_code()
        if strange:
            yield from self._homoglyphs(strange)

    def _found(self, how: Hiding, offset: int, excerpt: str) -> HiddenText:
        line = self._text.count("\n", 0, offset) + 1
        return HiddenText(
            how=how, where=Location(file=self._path, line=line), excerpt=excerpt.strip()[: limits.MAX_EXCERPT]
        )

    def _line(self, offset: int) -> str:
        """The line around `offset`, or the part of it that fits an excerpt."""
        half = limits.MAX_EXCERPT // 2
        start = max(self._text.rfind("\n", 0, offset) + 1, offset - half)
        stop = self._text.find("\n", offset)
        return self._text[start : min(stop if stop >= 0 else len(self._text), offset + half)]

    def _bidi(self) -> Iterator[HiddenText]:
        judged = -1
        for match in _BIDI.finditer(self._text):
            if match.start() < judged:
                continue
            span = self._lexed.at(match.start())
            judged = self._end(span, match.start())
            if span.where is Where.CODE or not _honest_bidi(self._text[match.start() : judged], span.where):
                yield self._found(Hiding.BIDI, match.start(), self._line(match.start()))

    def _end(self, span: Span, offset: int) -> int:
        """The end of the token or of the line, whichever comes first; controls do not reach further."""
        newline = self._text.find("\n", offset, span.stop)
        return span.stop if newline < 0 else newline + 1

    def _zero_width(self) -> Iterator[HiddenText]:
        for match in _INVISIBLE.finditer(self._text):
            run = match[0]
            start = match.start()
            if start == 0 and run == "\ufeff":
                continue
            # A symbol can't stand in code, nor what follows it to say how it is drawn.
            if run == _EMOJI and start and unicodedata.category(self._text[start - 1]) == "So":
                continue
            in_code = self._lexed.at(start).where is Where.CODE
            if in_code or len(run) >= _INVISIBLE_RUN:
                yield self._found(Hiding.ZERO_WIDTH, start, self._line(start))

    def _far_right(self) -> Iterator[HiddenText]:
        for match in _BLANK_RUN.finditer(self._text):
            run = match[0]
            if len(run) + 7 * run.count("\t") < _FAR or match.end() >= len(self._text):
                continue
            if self._text[match.end()] in "\r\n#\\" or self._lexed.at(match.start()).where is not Where.CODE:
                continue
            stop = self._text.find("\n", match.end())
            beyond = self._text[match.end() : stop if stop >= 0 else len(self._text)]
            yield self._found(Hiding.FAR_RIGHT, match.end(), beyond)

    def _whitespace_code(self) -> Iterator[HiddenText]:
        for match in _BLANK_RUN.finditer(self._text):
            run = match[0]
            if len(run) >= _CODED and _changes(run) >= _CHANGES:
                detail = f"{len(run)} blanks, {_changes(run)} changes between space and tab"
                yield self._found(Hiding.WHITESPACE_CODE, match.start(), detail)
        ends = [match for match in _LINE_END.finditer(self._text) if _changes(match[0]) >= 2]
        if len(ends) >= _CODED_LINES:
            detail = f"{len(ends)} lines end in a mixture of spaces and tabs"
            yield self._found(Hiding.WHITESPACE_CODE, ends[0].start(), detail)

    def _homoglyphs(self, strange: str) -> Iterator[HiddenText]:
        """Names with one of the characters `strange`."""
        seen: set[str] = set()
        judged = 0
        for match in re.finditer(f"[{strange}]", self._text):
            if match.start() < judged:
                continue
            start, judged = self._name(match.start())
            name = self._text[start:judged]
            if name in seen:
                continue
            if not _deceives(name):
                seen.add(name)
            elif self._lexed.at(start).where is Where.CODE:
                seen.add(name)
                yield self._found(Hiding.HOMOGLYPH, start, self._line(start))

    def _name(self, offset: int) -> tuple[int, int]:
        """Start and end of the name around `offset`."""
        start = offset
        while start > 0 and offset - start < limits.MAX_EXCERPT and _in_name(self._text[start - 1]):
            start -= 1
        match = _WORD.match(self._text, offset)
        return start, match.end() if match else offset + 1


def _in_name(char: str) -> bool:
    return char == "_" or char.isalnum()


def _honest_bidi(text: str, where: Where) -> bool:
    """Controls in a string or comment that close again around right-to-left letters, or that are a table.

    Overrides reorder what is left-to-right, which no text needs; a table has hardly anything to reorder.
    """
    opened = len(re.findall("[\u202a-\u202e\u2066-\u2068]", text))
    closed = len(re.findall("[\u202c\u2069]", text))
    opened -= text.count("\u202c")
    if where is Where.STRING and sum(char.isalnum() for char in text) <= 2:
        return True
    if re.search("[\u202d\u202e]", text):
        return False
    return opened == closed and any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)


def _changes(run: str) -> int:
    return run.count(" \t") + run.count("\t ")


def _deceives(name: str) -> bool:
    """A name that is ASCII to Python (NFKC, PEP 3131) but not to a search, or mixes Latin with lookalikes."""
    plain = unicodedata.normalize("NFKC", name)
    if plain.isascii():
        return len(plain) >= 3
    foreign = [char for char in plain if not char.isascii()]
    latin = any(char.isascii() and char.isalpha() for char in plain)
    return latin and all(char in _LOOKALIKES for char in foreign)
