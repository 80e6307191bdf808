"""Bytes to a syntax tree, under bounds; what cannot be parsed is a gap that says why."""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
import warnings
from dataclasses import dataclass

from stockade import limits
from stockade.model.evidence import Gap, GapKind

#: What only Python 2 accepts, at the place where Python 3 stops reading.
_PYTHON_2 = re.compile(
    r"^\s*(?:print\s+[^(\s=]|print\s*$|exec\s+[^(\s=]|raise\s+[\w.]+\s*,|except\s+[^:#]+,\s*\w+\s*:"
    r"|.*(?:`[^`]+`|<>|\b0[0-7]+[lL]?\b|\b\d+[lL]\b|\bur[\"']))"
)
#: Syntax of Python 3.12 (PEP 695) to 3.14 (PEP 750, PEP 758) and the same in 3.11, as near as analysis needs.
_NEWER = (
    (re.compile(r"^([ \t]*(?:async\s+)?(?:def|class)\s+\w+)\[[^\]\n]*\](?=\s*[(:])", re.MULTILINE), r"\1"),
    (re.compile(r"^([ \t]*)type\s+(\w+)(?:\[[^\]\n]*\])?\s*=", re.MULTILINE), r"\1\2 ="),
    (re.compile(r"^([ \t]*except\*?\s+)([\w.]+(?:\s*,\s*[\w.]+)+)\s*:", re.MULTILINE), r"\1(\2):"),
    (re.compile(r"\bt(?=[\"'])"), "f"),
)
#: A statement's beginning.
_BEGIN = r"(^[ \t]*|;[ \t]*|:[ \t]+)"
#: Syntax of Python 2 and what stands for it here, line for line, as near as analysis needs.
_OLD = (
    (re.compile(_BEGIN + r"print(?:[ \t]+(?=[\w\"'`\[{+~-])|(?=[\"'`]))", re.MULTILINE), r"\g<1>0,    "),
    (
        re.compile(
            _BEGIN + r"exec[ \t]+([^\n(=][^\n;#]{0,500}?)(?:[ \t]+in[ \t]+[\w., ()]+)?(?=[ \t]*(?:[;#]|$))",
            re.MULTILINE,
        ),
        r"\1exec(\2)",
    ),
    (re.compile(r"^([ \t]*raise[ \t]+[\w.]+)[ \t]*,[^\n]*", re.MULTILINE), r"\1"),
    (re.compile(r"`([^`\n]{1,200})`"), r"repr(\1)"),
    (re.compile(r"(?<![\w.])0([0-7]+)[lL]?(?![\w.])"), r"0o\1"),
    (re.compile(r"(?<![\w.])(\d+|0[xX][0-9a-fA-F]+)[lL]\b"), r"\1"),
    (re.compile(r"<>"), "!="),
    (re.compile(r"\b[uU][rR](?=[\"'])"), "r"),
)
#: An escape in a literal that lacks its digits; blanks that an editor wrapped into it are left out.
_ESCAPE = re.compile(
    r"(?<!\\)((?:\\\\)*)\\(?:(x)[ \t]+(?=[0-9a-fA-F]{2})"
    r"|(x(?![0-9a-fA-F]{2})|u(?![0-9a-fA-F]{4})|U(?!00[01][0-9a-fA-F]{5})|N(?!\{)))"
)
#: Characters and lines of a broken file that are parsed one by one when nothing else helps.
_ALONE, _ALONE_LINES = 1 << 18, 1 << 13
#: Lines left out of a broken file at most, and the characters that are parsed again for that, all told.
_REPAIRS = 32
_REPAIRED = 8 << 20
#: What no Python 3 accepts, whatever it learns.
_NEVER = (
    "expected an indented block",
    "inconsistent use of tabs",
    "leading zeros in decimal",
    "not utf-8 text",
    "source code string cannot contain null bytes",
    "unexpected indent",
    "unindent does not match",
)
_BAD_ESCAPE = "(unicode error)"
_MESSAGES_2 = ("Missing parentheses in call to", "multiple exception types must be parenthesized")
_TEMPLATE = re.compile(r"^\s*(?:\{%|\{\{|<%|%%|@@|##\s*\{)|\{\{\s*cookiecutter|\$\{")


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file: its tree and its decoded text; `gap` where some lines had to be left out for that."""

    tree: ast.Module
    text: str
    gap: Gap | None = None


def decode(data: bytes) -> str:
    """Source bytes as text by PEP 263; raises SyntaxError for an unknown or failing encoding."""
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    try:
        return data.decode("utf-8") if b"coding" not in data[:400] else _declared(data)
    except UnicodeDecodeError as why:
        raise SyntaxError(f"not {why.encoding} text") from None


def _declared(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data[:1024]).readline)
    if encoding.startswith("utf-8"):
        return data.decode("utf-8")
    try:
        decoded, _ = codecs.lookup(encoding).decode(data)
    except (LookupError, ValueError, AssertionError) as why:
        raise SyntaxError(f"cannot be decoded as {encoding}: {why}") from None
    if isinstance(decoded, str):
        return decoded
    raise SyntaxError(f"{encoding} is not a text encoding")


def parse_text(text: str) -> ast.Module:
    """The tree of `text`; raises SyntaxError, ValueError, RecursionError or MemoryError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def parse(data: bytes, path: str) -> Source | Gap:
    """The tree of a file, or the gap that it leaves.

    A file that Python 3 would not run either (Python 2 syntax, a template) is a *scope* gap; one that is
    merely beyond our bounds or that we cannot explain is a *limit* gap.
    """
    if len(data) > limits.MAX_SOURCE:
        return Gap(kind=GapKind.LIMIT, what=path, why=f"is over {limits.MAX_SOURCE >> 20} MiB of source")
    text = ""
    try:
        text = decode(data)
        return Source(parse_text(text), text)
    except (SyntaxError, ValueError) as why:
        older = _older(text)
        if older is not None:
            return Source(older, text)
        gap = _unparsed(path, text, why)
        rest = salvaged(text, why)
        return Source(rest, text, gap) if rest is not None else gap
    except (RecursionError, MemoryError):
        return Gap(kind=GapKind.LIMIT, what=path, why="is nested too deeply to be parsed")


def salvaged(text: str, why: SyntaxError | ValueError) -> ast.Module | None:
    """What can still be read of a text that `why` breaks; None if nothing can."""
    return _mended(text, why) or _old(text) or _rest(text, why) or _alone(text)


def _older(text: str) -> ast.Module | None:
    """The tree of a text whose newer syntax is written in an older way, line for line; None if that fails too."""
    rewritten = text
    for pattern, plain in _NEWER:
        rewritten = pattern.sub(plain, rewritten)
    return _tree(rewritten) if rewritten != text else None


def _old(text: str) -> ast.Module | None:
    """The tree of a text for Python 2, which an older installer would still run; None if it is none."""
    rewritten = text.expandtabs()
    for pattern, plain in (*_OLD, *_NEWER):
        rewritten = pattern.sub(plain, rewritten)
    return _tree(rewritten) if rewritten != text else None


def _mended(text: str, why: SyntaxError | ValueError) -> ast.Module | None:
    """The tree of a text in which escapes that lack their digits are written out; None if they don't break it.

    ``"C:\\Users"`` is the usual mistake; a long literal that an editor wrapped is another.
    """
    if _BAD_ESCAPE not in str(why):
        return None
    return _tree(_ESCAPE.sub(lambda found: found[1] + ("\\x" if found[2] else f"\\\\{found[3]}"), text))


def _alone(text: str) -> ast.Module | None:
    """A tree of all lines that are statements by themselves, as one function's body; None if there are none.

    What is lost are blocks, and with them the phase; what stays are names, calls and constants.
    """
    body: list[ast.stmt] = []
    for number, line in enumerate(text[:_ALONE].split("\n", _ALONE_LINES)[:_ALONE_LINES]):
        line = line.strip()
        tree = _tree(f"{line} pass" if line.endswith(":") else line) if line else None
        if tree is not None:
            ast.increment_lineno(tree, number)
            body += tree.body
    if not body:
        return None
    frame = ast.parse("def broken(): pass")
    frame.body[0].body = body  # type: ignore[attr-defined]
    return frame


def _tree(rewritten: str) -> ast.Module | None:
    try:
        return parse_text(rewritten)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _rest(text: str, why: SyntaxError | ValueError) -> ast.Module | None:
    """The tree of a broken file without the lines that break it; None if that takes more than a few.

    Authors of malware make mistakes as well, and what they meant is still there to be seen.
    """
    lines = text.split("\n")
    for turn in range(1, _REPAIRS + 1):
        number = getattr(why, "lineno", None) or 0
        if len(text) * turn > _REPAIRED or not 0 < number <= len(lines):
            return None
        broken = lines[number - 1]
        lines[number - 1] = f"{broken[: len(broken) - len(broken.lstrip())]}pass"
        if lines[number - 1] == broken:
            return None
        try:
            return parse_text("\n".join(lines))
        except (SyntaxError, ValueError) as next_one:
            why = next_one
        except (RecursionError, MemoryError):
            return None
    return None


def _unparsed(path: str, text: str, why: SyntaxError | ValueError) -> Gap:
    line = getattr(why, "lineno", None) or 0
    lines = text.split("\n")
    shown = lines[line - 1] if 0 < line <= len(lines) else ""
    message = getattr(why, "msg", None) or str(why)
    escape = message.startswith(_BAD_ESCAPE)
    if message.startswith(_MESSAGES_2) or (not escape and _PYTHON_2.match(shown)):
        return Gap(kind=GapKind.SCOPE, what=path, why=f"is Python 2 only (line {line}) and cannot run here")
    if _TEMPLATE.search(shown):
        return Gap(kind=GapKind.SCOPE, what=path, why=f"is a template (line {line}), not Python")
    if escape or message.startswith(_NEVER):
        return Gap(
            kind=GapKind.SCOPE, what=path, why=f"is not Python that could run (line {line}: {message})"
        )
    if "too many nested" in message or "too complex" in message or "too deep" in message:
        return Gap(kind=GapKind.LIMIT, what=path, why="is nested too deeply to be parsed")
    return Gap(kind=GapKind.LIMIT, what=path, why=f"is not valid Python (line {line}: {message})")
