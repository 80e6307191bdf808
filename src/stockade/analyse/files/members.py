"""The text members of an artifact that are not Python, gathered while it is read, and told once phases are known.

What Python code says about a script (that setup.py names it, say) comes in as names with phases, since this
part knows nothing of Python's facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stockade import limits
from stockade.analyse.files.facts import ScriptDeed
from stockade.analyse.files.script_text import Language, Script, script_language, text_of
from stockade.analyse.files.scripts import Found, deeds
from stockade.model.artifact import Member
from stockade.model.evidence import Gap, GapKind, Location, Phase

#: A name that code gives is looked for in texts of this length at most; longer ones are data.
_SPOKEN = 1_000


class Scripts:
    """Scripts of other interpreters, by the name that something would start them by."""

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[Member, bool, Phase | None, Language, list[Found]]]] = {}
        self.gaps: list[Gap] = []

    def note(self, member: Member, data: bytes, *, installed: bool) -> bool:
        """Read a member if it is a script; False for what is none. `installed`: it would lie among what is."""
        language = script_language(member.path, data[:128])
        if language is None:
            return False
        limit = limits.MAX_BUNDLE if language is Language.JAVASCRIPT else limits.MAX_SCRIPT
        script = Script(text_of(data[:limit]), language)
        found = deeds(script)
        if len(data) > limit or script.cut:
            why = "it is too large to be searched to its end"
            kind = GapKind.LIMIT if installed else GapKind.SCOPE
            self.gaps.append(Gap(kind=kind, what=member.shown, why=why))
        if found:
            name = member.path.rpartition("/")[2].lower()
            phase = Phase.ENTRY if ".data/scripts/" in member.path else None
            self._found.setdefault(name, []).append((member, installed, phase, language, found))
        return True

    def asks(self) -> bool:
        """Whether it matters which code names which script."""
        return bool(self._found)

    def named(self, texts: Iterable[tuple[str, Phase]]) -> Mapping[str, Phase]:
        """The earliest phase of the code that names each script, among the texts of code's literals."""
        phases: dict[str, Phase] = {}
        for text, phase in texts:
            for word in text[:_SPOKEN].lower().replace("\\", "/").split():
                name = word.strip("'\",;()[]").rpartition("/")[2]
                if name in self._found and (name not in phases or phase.rank < phases[name].rank):
                    phases[name] = phase
        return phases

    def facts(self, phases: Mapping[str, Phase]) -> Iterator[ScriptDeed]:
        """What scripts do that are installed, or that code names in one of `phases`."""
        for name, entries in self._found.items():
            for member, installed, own, language, found in entries:
                phase = phases.get(name, own)
                if not installed and phase is None:
                    continue
                for one in found:
                    where = Location(file=member.shown, line=one.line)
                    yield ScriptDeed(
                        deed=one.deed, language=language, where=where, excerpt=one.excerpt, phase=phase
                    )
