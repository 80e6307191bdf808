"""YARA rules that users bring: compiled once for each set, and what they hit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import yara_x

from stockade import limits
from stockade.analyse.files.facts import RuleHit
from stockade.model.evidence import Gap, GapKind, Location

#: Seconds that a user's rules may take on one member.
_SECONDS = 10


class UserRules:
    """Compiled rules. `gaps` say which sources could not be compiled."""

    def __init__(self, sources: tuple[str, ...]) -> None:
        self.gaps: list[Gap] = []
        compiler = yara_x.Compiler()
        for number, source in enumerate(sources, 1):
            try:
                compiler.new_namespace(f"user{number}")
                compiler.add_source(source)
            except yara_x.CompileError as why:
                reason = str(why).splitlines()[0] if str(why) else "it does not compile"
                self.gaps.append(Gap(kind=GapKind.LIMIT, what=f"YARA rules, source {number}", why=reason))
        self._scanner = yara_x.Scanner(compiler.build())
        self._scanner.set_timeout(_SECONDS)

    def hits(self, path: str, data: bytes) -> list[RuleHit] | Gap:
        """The rules that match a member, with the line of the first match; a gap if that takes too long."""
        try:
            found = self._scanner.scan(data).matching_rules
        except yara_x.TimeoutError:
            return Gap(kind=GapKind.LIMIT, what=path, why="took too long for the YARA rules given")
        return list(_hits(found, path, data))


def _hits(found: Iterable[yara_x.Rule], path: str, data: bytes) -> Iterator[RuleHit]:
    for rule in found:
        offset = next((match.offset for pattern in rule.patterns for match in pattern.matches), None)
        meta = next((str(value) for name, value in rule.metadata if name == "description"), "")
        yield RuleHit(
            rule=rule.identifier,
            meta=meta,
            where=Location(file=path, line=None if offset is None else data.count(b"\n", 0, offset) + 1),
            excerpt="" if offset is None else _around(data, offset),
        )


def _around(data: bytes, offset: int) -> str:
    start = data.rfind(b"\n", max(0, offset - 80), offset) + 1 or offset
    end = data.find(b"\n", offset, start + limits.MAX_EXCERPT)
    return data[start : end if end >= 0 else start + limits.MAX_EXCERPT].decode("utf-8", "replace").strip()


@lru_cache(maxsize=4)
def user_rules(sources: tuple[str, ...]) -> UserRules | None:
    """The rules of `sources`, None for none."""
    return UserRules(sources) if sources else None
