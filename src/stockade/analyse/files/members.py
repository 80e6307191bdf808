"""The text members of an artifact that are not Python, gathered while it is read, and told once phases are known.

What Python code says about a script (that setup.py names it, say) comes in as names with phases, since this
part knows nothing of Python's facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stockade import limits
from stockade.analyse.files.facts import Duty, ScriptDeed, Setting
from stockade.analyse.files.kinds import installed
from stockade.analyse.files.script_text import Language, Script, script_language, text_of
from stockade.analyse.files.scripts import Found, deeds
from stockade.analyse.files.settings import is_settings, settings
from stockade.analyse.unpack.paths import logical
from stockade.model.artifact import Kind, Member
from stockade.model.evidence import Gap, GapKind, Location, Phase

#: A name that code gives is looked for in texts of this length at most; longer ones are data.
_SPOKEN = 1_000


class Texts:
    """What an artifact's text members are; scripts by the name that something would start them by.

    `packages` are the folders of an sdist that hold packages; `kind` and `root` as for files.installed.
    """

    def __init__(self, kind: Kind, root: str = "", packages: frozenset[str] = frozenset()) -> None:
        self._kind, self._root, self._packages = kind, root, packages
        self._found: dict[str, list[tuple[Member, Phase | None, Language, list[Found]]]] = {}
        self._hooked: set[str] = set()
        self.gaps: list[Gap] = []

    def placed(self, member: Member) -> bool:
        """Whether a file that is not Python would be installed; of an sdist, what packages hold."""
        if member.nested:
            return False
        if self._kind is Kind.WHEEL:
            return installed(member.path, self._kind, self._root)
        folders = logical(member.path, self._kind, self._root).split("/")[:-1]
        return any("/".join(folders[:count]) in self._packages for count in range(1, len(folders) + 1))

    def settings(self, member: Member, data: bytes) -> list[Setting]:
        """What a member makes an editor or a coding agent do."""
        if not is_settings(member.path):
            return []
        found = list(settings(member.shown, data, installed=self.placed(member)))
        for one in found:
            if one.duty is Duty.RUNS:
                self._hooked.update(_names(one.text))
        return found

    def script(self, member: Member, data: bytes) -> bool:
        """Read a member if it is a script; False for what is none."""
        language = script_language(member.path, data[:128])
        if language is None:
            return False
        limit = limits.MAX_BUNDLE if language is Language.JAVASCRIPT else limits.MAX_SCRIPT
        script = Script(text_of(data[:limit]), language)
        found = deeds(script)
        if len(data) > limit or script.cut:
            why = "it is too large to be searched to its end"
            kind = GapKind.LIMIT if self.placed(member) else GapKind.SCOPE
            self.gaps.append(Gap(kind=kind, what=member.shown, why=why))
        if found:
            name = member.path.rpartition("/")[2].lower()
            phase = Phase.ENTRY if ".data/scripts/" in member.path else None
            self._found.setdefault(name, []).append((member, phase, language, found))
        return True

    def asks(self) -> bool:
        """Whether it matters which code names which script."""
        return bool(self._found)

    def named(self, texts: Iterable[tuple[str, Phase]]) -> Mapping[str, Phase]:
        """The earliest phase of the code that names each script, among the texts of code's literals."""
        phases: dict[str, Phase] = {}
        for text, phase in texts:
            for name in _names(text):
                if name in self._found and (name not in phases or phase.rank < phases[name].rank):
                    phases[name] = phase
        return phases

    def facts(self, phases: Mapping[str, Phase]) -> Iterator[ScriptDeed]:
        """What scripts do that are installed, that code names in one of `phases`, or that an editor runs by itself."""
        for name, entries in self._found.items():
            for member, own, language, found in entries:
                phase = phases.get(name, own)
                if phase is None and name not in self._hooked and not self.placed(member):
                    continue
                for one in found:
                    where = Location(file=member.shown, line=one.line)
                    yield ScriptDeed(
                        deed=one.deed, language=language, where=where, excerpt=one.excerpt, phase=phase
                    )


def _names(text: str) -> Iterator[str]:
    """The last part of each word of a text, as a command line would name a file."""
    for word in text[:_SPOKEN].lower().replace("\\", "/").split():
        yield word.strip("'\",;()[]").rpartition("/")[2]
