"""The lines of a requirements file, as pip splits them (docs.pip: "Requirements File Format").

pip's own parser is not used: it lives in a private module, it opens whatever URL a line names, it reads
without bounds, and importing it costs some 0.15 s. What it accepts is a dozen lines of rules, which
tests hold against pip's parser itself.
"""

from __future__ import annotations

import codecs
import optparse
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from stockade.errors import BadRequirement

_COMMENT = re.compile(r"(^|\s+)#.*$")
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Options that pip takes in a requirements file; those without a value have None.
_VALUED = {
    "index_url": ("-i", "--index-url", "--pypi-url"),
    "extra_index_urls": ("--extra-index-url",),
    "constraints": ("-c", "--constraint"),
    "requirements": ("-r", "--requirement"),
    "editables": ("-e", "--editable"),
    "find_links": ("-f", "--find-links"),
    "no_binary": ("--no-binary",),
    "only_binary": ("--only-binary",),
    "trusted": ("--trusted-host",),
    "features": ("--use-feature",),
    "hashes": ("--hash",),
    "config_settings": ("-C", "--config-settings", "--config-setting"),
    "global_options": ("--global-option", "--install-option"),
}
_FLAGS = {
    "no_index": ("--no-index",),
    "prefer_binary": ("--prefer-binary",),
    "require_hashes": ("--require-hashes",),
    "pre": ("--pre",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One logical line. `text` is the requirement before the options ("" if there is none)."""

    number: int
    text: str
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()

    def all(self, option: str) -> tuple[str, ...]:
        """Every value that the line gives to `option`."""
        return self.values.get(option, ())


class _Parser(optparse.OptionParser):
    def error(self, msg: str) -> NoReturn:
        raise BadRequirement(msg)


def decoded(data: bytes, what: str) -> str:
    """`data` as text: by its byte order mark, else by a coding line (PEP 263), else UTF-8, as pip does."""
    encoding = "utf-8"
    for mark, name in _BOMS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    else:
        for line in data.split(b"\n")[:2]:
            match = _CODING.search(line) if line[:1] == b"#" else None
            if match:
                encoding = match.group(1).decode("ascii", "replace")
                break
    try:
        return data.decode(encoding)
    except UnicodeError:
        raise BadRequirement(f"{what} is not {encoding} text") from None
    except LookupError:
        raise BadRequirement(f"{what} names an encoding that doesn't exist: {encoding!r}") from None


def logical_lines(text: str, env: Mapping[str, str], what: str) -> Iterator[Line]:
    """The lines of a requirements file, continued ones joined, comments gone and ``${NAME}`` replaced from `env`.

    Raises BadRequirement, naming `what` and the line, for options that pip doesn't take here.
    """
    for number, raw in _joined(text):
        line = _VARIABLE.sub(
            lambda match: env.get(match.group(1)) or match.group(0), _COMMENT.sub("", raw).strip()
        )
        if line:
            try:
                yield _parsed(number, line)
            except BadRequirement as why:
                raise BadRequirement(f"{what}, line {number}: {why}") from None


def _joined(text: str) -> Iterator[tuple[int, str]]:
    started, parts = 0, list[str]()
    for number, raw in enumerate(text.splitlines(), start=1):
        comment = _COMMENT.match(raw)
        if raw.endswith("\\") and not comment:
            started = started or number
            parts.append(raw.strip("\\"))
            continue
        # The blank keeps a comment line a comment when it ends a continued line.
        yield started or number, "".join([*parts, f" {raw}" if comment else raw])
        started, parts = 0, []
    if parts:
        yield started, "".join(parts)


def _parsed(number: int, line: str) -> Line:
    tokens = line.split(" ")
    first = next((place for place, token in enumerate(tokens) if token.startswith("-")), len(tokens))
    text = " ".join(tokens[:first]).strip()
    try:
        words = shlex.split(" ".join(tokens[first:]))
    except ValueError:
        raise BadRequirement("a quote is not closed") from None
    found, rest = _parser().parse_args(words)
    if rest and not text:
        raise BadRequirement(f"{rest[0]!r} follows an option that takes no value")
    given = vars(found)
    return Line(
        number=number,
        text=text,
        values={key: tuple(given[key]) for key in _VALUED if given[key]},
        flags=frozenset(key for key in _FLAGS if given[key]),
    )


def _parser() -> _Parser:
    parser = _Parser(add_help_option=False)
    for key, names in _VALUED.items():
        parser.add_option(*names, dest=key, action="append", default=[])
    for key, names in _FLAGS.items():
        parser.add_option(*names, dest=key, action="store_true", default=False)
    return parser
