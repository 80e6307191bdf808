"""Scripts of other interpreters: which language a member or a string is in, and its text made ready for a search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from stockade import limits
from stockade.analyse.marks.kinds import Rule


class Language(StrEnum):
    """Interpreters whose scripts are read."""

    SHELL = "shell"
    POWERSHELL = "PowerShell"
    BATCH = "batch"
    JAVASCRIPT = "JavaScript"
    WINDOWS = "Windows"


_SUFFIXES = {
    Language.SHELL: ("sh", "bash", "zsh", "fish", "ksh", "command", "profile"),
    Language.POWERSHELL: ("ps1", "psm1", "psd1"),
    Language.BATCH: ("bat", "cmd"),
    Language.JAVASCRIPT: ("js", "mjs", "cjs", "ts", "mts", "cts"),
    Language.WINDOWS: ("vbs", "vbe", "hta", "wsf", "wsh", "jse"),
}
_BY_SUFFIX = {suffix: language for language, suffixes in _SUFFIXES.items() for suffix in suffixes}
_INTERPRETERS = (
    (re.compile(rb"\b(?:ba|z|da|k|fi)?sh\b"), Language.SHELL),
    (re.compile(rb"\b(?:node|bun|deno)\b"), Language.JAVASCRIPT),
    (re.compile(rb"\bpwsh\b"), Language.POWERSHELL),
)


def script_language(path: str, head: bytes) -> Language | None:
    """The language of a member by its suffix or its ``#!`` line, None for what is no such script."""
    name = path.rpartition("/")[2].lower()
    found = _BY_SUFFIX.get(name.rpartition(".")[2]) if "." in name else None
    if found is not None or not head.startswith(b"#!"):
        return None if found is not None and b"\0" in head[:64] and not _wide(head) else found
    line = head.partition(b"\n")[0]
    return next((language for pattern, language in _INTERPRETERS if pattern.search(line)), None)


def text_of(data: bytes) -> str:
    """A script's text; Windows tools also write UTF-16."""
    if _wide(data):
        return data.decode("utf-16", "replace")
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def _wide(data: bytes) -> bool:
    return data.startswith((b"\xff\xfe", b"\xfe\xff"))


_COMMENTS = {
    Language.SHELL: re.compile(r"^[ \t]*+#[^\n]*+", re.MULTILINE),
    Language.POWERSHELL: re.compile(r"^[ \t]*+#(?!>)[^\n]*+", re.MULTILINE),
    Language.BATCH: re.compile(r"^[ \t]*+@?(?:rem\b|::)[^\n]*+", re.MULTILINE | re.IGNORECASE),
    Language.WINDOWS: re.compile(r"^[ \t]*+'[^\n]*+", re.MULTILINE),
}
_CONTINUED = {
    Language.SHELL: "\\\n",
    Language.POWERSHELL: "`\n",
    Language.BATCH: "^\n",
    Language.WINDOWS: "_\n",
}
#: A line that only says something.
_SAYS = re.compile(
    r"""^[ \t]*+(?:echo|printf|write-host|write-output|write-error)[ \t]++(?:-\w++[ \t]++)?(?:"[^"\n]*+"|'[^'\n]*+')"""
    r"""[ \t]*+(?:>&2[ \t]*+)?(?:;[ \t]*+)?$""",
    re.MULTILINE | re.IGNORECASE,
)


def _plain(text: str, language: Language) -> str:
    """The text without comments, sayings and line ends that mean nothing; each line keeps its number."""
    if language is Language.JAVASCRIPT:
        return text
    text = text.replace("\r\n", "\n").replace("\v", " ")
    text = _COMMENTS[language].sub("", text)
    text = text.replace(_CONTINUED[language], " \v")
    return _SAYS.sub("", text)


class Script:
    """A script's text, without what only a reader sees, and how it is searched."""

    def __init__(self, text: str, language: Language) -> None:
        self.language = language
        self.text = _plain(text, language)
        self.low = self.text.lower()
        #: Whether a search did not reach the end.
        self.cut = False

    def holds(self, words: Iterable[str]) -> bool:
        """Whether any of `words` stands there, as it is spelled."""
        return any(word in self.text for word in words)

    def all(self, rule: Rule) -> Iterator[re.Match[str]]:
        """Every match of a rule, without a search where none of its needles stands."""
        counts = [self.low.count(needle) if needle else 1 for needle in rule.needles]
        if sum(counts) > limits.MAX_NEEDLES:
            self.cut = True
            yield from self._matches(rule, self._enough(rule.needles[counts.index(max(counts))]))
        elif any(counts):
            yield from self._matches(rule, len(self.text))

    def _matches(self, rule: Rule, end: int) -> Iterator[re.Match[str]]:
        if rule.heads is None or len(self.low) != len(self.text):
            yield from rule.pattern.finditer(self.text, 0, end)
            return
        at = 0
        while head := rule.heads.search(self.low, at, end):
            match = rule.pattern.match(self.text, head.start(), end)
            if match is not None:
                yield match
            at = head.start() + 1 if match is None else match.end()

    def first(self, rule: Rule) -> re.Match[str] | None:
        """The first of them."""
        return next(self.all(rule), None)

    def _enough(self, needle: str) -> int:
        """Where a needle stands for as many times as all needles together may."""
        at = 0
        for _ in range(limits.MAX_NEEDLES // 4):
            at = self.low.find(needle, at) + 1
            if not at:
                return len(self.text)
        return at

    def line(self, match: re.Match[str]) -> str:
        """The line around a match, or so much of it as is needed to tell where it fetches from."""
        start = max(self.text.rfind("\n", 0, match.start()) + 1, match.start() - 400)
        end = self.text.find("\n", match.end(), match.end() + 400)
        return self.text[start : end if end >= 0 else match.end() + 400]

    def number(self, at: int) -> int:
        """The number, from 1, of the line that holds an offset."""
        return self.text.count("\n", 0, at) + self.text.count("\v", 0, at) + 1

    def shown(self, at: int, end: int) -> str:
        """What a person is shown of a stretch."""
        start = max(self.text.rfind("\n", 0, at) + 1, at - 60)
        return self.text[start : max(end, start + 1)].replace("\v", " ").strip()[: limits.MAX_EXCERPT]
