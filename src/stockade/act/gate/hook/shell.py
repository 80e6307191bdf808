"""A POSIX shell's command line (with what bash adds), as far as it tells which programs run with which words.

Follows the Shell Command Language of POSIX.1-2017, sections 2.2 to 2.7. Nothing is expanded: a word that an expansion
takes part in is marked, and commands inside of ``$(…)``, backticks and ``<(…)`` are handed out as text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from stockade import limits

#: Operators, the longest first.
_OPERATORS = (
    "<<<",
    "<<-",
    "&>>",
    "&&",
    "||",
    ";;",
    "|&",
    "<<",
    ">>",
    ">&",
    "<&",
    "<>",
    ">|",
    "&>",
    "<(",
    ">(",
)
_SINGLE = ";|&()<>\n"
_REDIRECTS = frozenset({"<", ">", ">>", ">&", "<&", "<>", ">|", "&>", "&>>", "<<<"})
_PIPES = frozenset({"|", "|&"})


class UnreadableError(ValueError):
    """A command that cannot be taken apart; the message says why."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as a program would get it; `dynamic` where an expansion takes part in it, `inner` the commands in it.

    Of an expansion the text stands as it was written.
    """

    text: str
    dynamic: bool = False
    inner: tuple[str, ...] = ()


@dataclass(slots=True)
class Command:
    """A simple command. `piped` is the one whose output it reads; `stdin` is what a here-document gives it.

    `depth` says how many subshells it stands in.
    """

    words: list[Word] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    stdin: str | None = None
    piped: Command | None = None
    depth: int = 0


def commands(text: str) -> list[Command]:
    """The simple commands of `text` in the order in which they stand; raises UnreadableError."""
    if len(text) > limits.MAX_HOOK_COMMAND:
        raise UnreadableError(f"it is longer than {limits.MAX_HOOK_COMMAND >> 10} KiB")
    if "\0" in text:
        raise UnreadableError("it holds a null character")
    return _Parser(text).commands()


class _Parser:
    def __init__(self, text: str, depth: int = 0) -> None:
        if depth > limits.MAX_HOOK_DEPTH:
            raise UnreadableError("it is nested too deeply")
        self._depth, self._nested, self._count = depth, 0, 0
        self._text = text.replace("\\\n", "").replace("\r\n", "\n")
        self._at = 0
        #: Here-documents whose body is still to come.
        self._waiting: list[tuple[Command, str, bool, bool]] = []

    def commands(self) -> list[Command]:
        found: list[Command] = []
        now = Command()
        while self._at < len(self._text):
            self._blanks()
            sign = self._operator()
            if not self._part(now, sign):
                # The sign ends the command.
                found += [now] * bool(now.words or now.inner)
                depth = max(0, now.depth + (sign == "(") - (sign == ")"))
                now = Command(piped=now if sign in _PIPES else None, depth=depth)
                if sign == "\n":
                    self._bodies()
        self._bodies()
        return [*found, *[now] * bool(now.words or now.inner)]

    def _part(self, now: Command, sign: str) -> bool:
        """Take one word or redirection, which begins with `sign`, into the command; False for a sign that ends it."""
        self._count += 1
        if self._count > limits.MAX_HOOK_WORDS:
            raise UnreadableError(f"it has more than {limits.MAX_HOOK_WORDS:,} words and signs")
        if sign in {"<<", "<<-"}:
            self._here_document(now, strip=sign == "<<-")
        elif sign in _REDIRECTS:
            self._redirect(now, sign)
        elif sign in {"<(", ">(", ""}:
            if self._at < len(self._text):
                word = self._word(sign)
                now.words.append(word)
                now.inner += word.inner
        else:
            return False
        return True

    def expansions(self) -> list[str]:
        """The commands in the expansions of a text where only those mean something; all of one that is cut short."""
        inner: list[str] = []
        try:
            while self._at < len(self._text):
                char = self._text[self._at]
                if char in "$`":
                    self._expansion([], inner)
                else:
                    self._at += 2 if char == "\\" else 1
        except UnreadableError:
            inner.append(self._text)
        return inner

    def _blanks(self) -> None:
        text = self._text
        while self._at < len(text) and text[self._at] in " \t":
            self._at += 1
        if self._at < len(text) and text[self._at] == "#":
            end = text.find("\n", self._at)
            self._at = len(text) if end < 0 else end

    def _operator(self) -> str:
        for one in _OPERATORS:
            if self._text.startswith(one, self._at):
                self._at += len(one)
                return one
        char = self._text[self._at : self._at + 1]
        if char and char in _SINGLE:
            self._at += 1
            return char
        return ""

    def _redirect(self, now: Command, sign: str) -> None:
        if (
            now.words
            and now.words[-1].text.isdecimal()
            and self._text[self._at - len(sign) - 1] not in " \t\n"
        ):
            now.words.pop()  # the number of a descriptor
        self._blanks()
        if self._at >= len(self._text) or self._text[self._at] in ";|&()\n":
            return
        substituted = self._text.startswith(("<(", ">("), self._at)
        word = self._word(self._operator() if substituted else "")
        now.inner += word.inner
        if sign == "<<<":
            now.stdin = word.text
        elif sign == "<" and word.inner:
            now.words.append(word)  # a program that reads what another prints

    def _here_document(self, now: Command, *, strip: bool) -> None:
        if (
            now.words
            and now.words[-1].text.isdecimal()
            and self._text[self._at - 3 : self._at - 2].isdecimal()
        ):
            now.words.pop()
        self._blanks()
        start = self._at
        word = self._word()
        quoted = any(char in self._text[start : self._at] for char in "'\"\\")
        self._waiting.append((now, word.text, strip, quoted))

    def _bodies(self) -> None:
        """Read the here-documents that the line which has just ended announced."""
        for command, end, strip, quoted in self._waiting:
            command.stdin = self._body(end, strip=strip)
            if not quoted:
                command.inner += _Parser(command.stdin, self._depth + 1).expansions()
        self._waiting = []

    def _body(self, end: str, *, strip: bool) -> str:
        """The lines from here to the one that is `end`, which is passed over."""
        lines = []
        while self._at < len(self._text):
            stop = self._text.find("\n", self._at)
            stop = len(self._text) if stop < 0 else stop
            line, self._at = self._text[self._at : stop], min(stop + 1, len(self._text))
            line = line.lstrip("\t") if strip else line
            if line == end:
                break
            lines.append(line)
        return "\n".join(lines)

    def _word(self, opened: str = "") -> Word:
        """The word that begins here; behind `opened` (``<(``) it begins with that substitution."""
        text, start, parts, inner = self._text, self._at, list[str](), list[str]()
        dynamic = told = False
        if opened:
            inner.append(self._balanced())
            parts.append(f"{opened}…)")
            dynamic = True
        while self._at < len(text):
            char = text[self._at]
            if char in " \t" or char in _SINGLE:
                break
            if char == "\\":
                parts.append(text[self._at + 1 : self._at + 2])
                self._at += 2
            elif char == "'":
                parts.append(self._until("'", self._at + 1))
            elif char == '"':
                self._at += 1
                dynamic |= self._quoted(parts, inner)
            elif char in "$`":
                dynamic |= self._expansion(parts, inner)
            else:
                # Behind an equals sign it belongs to a version: 'name==1.*' is no pattern that a file would match.
                told |= char == "="
                dynamic |= char in "*?" and not told
                parts.append(char)
                self._at += 1
        raw = text[start : self._at]
        return Word("".join(parts), dynamic or _braces(raw), tuple(inner))

    def _quoted(self, parts: list[str], inner: list[str]) -> bool:
        """The rest of a double-quoted string; whether an expansion stands in it."""
        text, dynamic = self._text, False
        while self._at < len(text):
            char = text[self._at]
            if char == '"':
                self._at += 1
                return dynamic
            if char == "\\" and text[self._at + 1 : self._at + 2] in '$`"\\':
                parts.append(text[self._at + 1 : self._at + 2])
                self._at += 2
            elif char in "$`":
                dynamic |= self._expansion(parts, inner)
            else:
                parts.append(char)
                self._at += 1
        raise UnreadableError("a quote in it is never closed")

    def _expansion(self, parts: list[str], inner: list[str]) -> bool:
        """What a ``$`` or a backtick begins; False where the ``$`` is an ordinary character."""
        text, start = self._text, self._at
        if text[start] == "`":
            inner.append(self._until("`", start + 1).replace("\\", ""))
        elif text.startswith("$((", start):
            self._at += 3
            self._balanced()
        elif text.startswith("$(", start):
            self._at += 2
            inner.append(self._balanced())
        elif text.startswith("${", start):
            self._at += 2
            inner += _Parser(self._balanced("{", "}"), self._depth + 1).expansions()
        elif text.startswith("$'", start):
            parts.append(self._until("'", start + 2, escapes=True))
            return "\\" in parts[-1]
        elif text[start + 1 : start + 2] == '"':
            self._at += 1  # a string to be translated: the quote follows
            return False
        elif (follows := text[start + 1 : start + 2]).isalnum() or (follows and follows in "_@*#?$!-"):
            self._at += 2
            while self._at < len(text) and (text[self._at].isalnum() or text[self._at] == "_"):
                self._at += 1
        else:
            parts.append("$")
            self._at += 1
            return False
        parts.append(text[start : self._at])
        return True

    def _until(self, end: str, start: int, *, escapes: bool = False) -> str:
        at = start
        while at < len(self._text):
            if self._text[at] == "\\" and (escapes or end == "`"):
                at += 2
                continue
            if self._text[at] == end:
                self._at = at + 1
                return self._text[start:at]
            at += 1
        raise UnreadableError("a quote in it is never closed")

    def _balanced(self, opens: str = "(", closes: str = ")") -> str:
        """What stands from here to the bracket that closes, which is passed over.

        Quotes are kept together, and so are here-documents, in which a quote or a bracket means nothing.
        """
        start, depth = self._at, 1
        ends: list[tuple[str, bool]] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == "<" and opens == "(" and self._operator() in {"<<", "<<-"}:
                strip = self._text[self._at - 1] == "-"
                self._blanks()
                ends.append((self._word().text, strip))
                continue
            if char == "\n" and ends:
                self._at += 1
                for end, strip in ends:
                    self._body(end, strip=strip)
                ends = []
                continue
            if char == "\\":
                self._at += 2
                continue
            if char == "'" and opens == "(":
                self._until("'", self._at + 1)
                continue
            if char == '"':
                self._at += 1
                self._nested += 1
                if self._nested > limits.MAX_HOOK_DEPTH:
                    raise UnreadableError("it is nested too deeply")
                self._quoted([], [])
                self._nested -= 1
                continue
            depth += (char == opens) - (char == closes)
            self._at += 1
            if not depth:
                return self._text[start : self._at - 1]
        raise UnreadableError("a bracket in it is never closed")


def _braces(raw: str) -> bool:
    """Whether braces in a word expand to several."""
    opened = raw.find("{")
    return opened >= 0 and (raw[opened - 1 : opened] != "$") and ("," in raw[opened:] or ".." in raw[opened:])
