"""Members that are no text: compiled Python, pickles and models; each as facts, and as text where it holds code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stockade.analyse.code.layout import Layout, Place
from stockade.analyse.files.compiled import CompiledFiles, Look, is_compiled, source_path
from stockade.analyse.files.facts import FileFact
from stockade.analyse.files.models import look_at_model
from stockade.model.artifact import Member
from stockade.model.evidence import Gap, GapKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one member gave. `source` is Python, as bytes, that stands for its code and would lie at `place`."""

    place: Place
    source: bytes = b""
    facts: tuple[object, ...] = ()
    gaps: tuple[Gap, ...] = ()


def imported_as(path: str) -> str:
    """The path by which import knows a file: a compiled one that lies beside the modules stands for its source."""
    return path if "__pycache__/" in path else source_path(path) or path


@dataclass(slots=True)
class Opaque:
    """Looks at the members of one artifact, whose sources it is shown as well."""

    layout: Layout
    compiled: CompiledFiles

    def source(self, member: Member, data: bytes) -> None:
        """Note a Python source, with which its compiled form is compared."""
        if not member.nested:
            self.compiled.source(member.path, data)

    def look(self, member: Member, data: bytes, file: FileFact) -> Found | None:
        """One member that is no source; None where it is of no kind that is known here."""
        model = look_at_model(member, data, file)
        if model is not None:
            # Data does nothing by itself: whatever it holds waits for somebody to load it.
            place = self.layout.place(member.path, nested=True)
            return Found(place=place, source=_bytes(model.text), facts=model.facts, gaps=model.gaps)
        if is_compiled(member.path, data):
            place = self._place(member)
            return _recovered(member, self.compiled.look(member, data, place.phase), place)
        return None

    def rest(self) -> Iterator[tuple[Member, Found]]:
        """What had to wait until all sources were seen."""
        for member, look in self.compiled.rest():
            yield member, _recovered(member, look, self._place(member))

    def _place(self, member: Member) -> Place:
        origin = source_path(member.path)
        return self.layout.place(origin or member.path, nested=bool(member.nested) or not origin)


def _recovered(member: Member, look: Look, place: Place) -> Found:
    gaps: tuple[Gap, ...] = ()
    if look.why or (look.text is not None and look.text.cut):
        kind = GapKind.LIMIT if look.known and place.installed else GapKind.SCOPE
        gaps = (Gap(kind=kind, what=member.shown, why=look.why or "holds more code than is read back"),)
    return Found(place=place, source=_bytes(look.text.text) if look.text else b"", gaps=gaps)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
