"""Members that are no text: compiled Python, pickles, models, native code; each as facts, and as text where it can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stockade.analyse.code.facts import Module
from stockade.analyse.code.layout import Layout, Place
from stockade.analyse.code.observe import UNASKED
from stockade.analyse.files.compiled import CompiledFiles, Look, is_compiled, source_path
from stockade.analyse.files.facts import FileFact
from stockade.analyse.files.models import look_at_model
from stockade.analyse.files.natives import NativeCall, has_native_source, look_at_native, module_name
from stockade.model.artifact import Kind, Member
from stockade.model.evidence import Gap, GapKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one member gave. `source` is Python, as bytes, that stands for its code and would lie at `place`;
    `read` is False where its headers could not be read, and only its strings were looked at."""

    place: Place
    source: bytes = b""
    facts: tuple[object, ...] = ()
    gaps: tuple[Gap, ...] = ()
    read: bool = True


def imported_as(path: str) -> str:
    """The path by which import knows a file: a compiled one that lies beside the modules stands for its source."""
    return path if "__pycache__/" in path else source_path(path) or path


#: A package with less Python than this is no more than a way into its native code.
_THIN = 4096


class Opaque:
    """Looks at the members of one artifact, at `paths`, whose sources it is shown as well."""

    def __init__(self, layout: Layout, paths: Iterable[str]) -> None:
        listed = list(paths)
        self.layout = layout
        self.compiled = CompiledFiles(listed)
        self._sourceless = layout.kind is not Kind.WHEEL and not has_native_source(listed)
        self._modules = frozenset(self._dotted(path) for path in listed if module_name(path))

    def _dotted(self, path: str) -> str:
        folder, _, name = path.rpartition("/")
        return self.layout.place(f"{folder}/{module_name(name)}.py".lstrip("/")).name

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
        native = look_at_native(member, data, file, sourceless=self._sourceless)
        if native is not None:
            place = self.layout.place(member.path, nested=True)
            return Found(place=place, facts=(native,), read=native.form != "damaged")
        if is_compiled(member.path, data):
            place = self._place(member)
            return _recovered(member, self.compiled.look(member, data, place.phase), place)
        return None

    def rest(self) -> Iterator[tuple[Member, Found]]:
        """What had to wait until all sources were seen."""
        for member, look in self.compiled.rest():
            yield member, _recovered(member, look, self._place(member))

    def called(self, module: Module, source_bytes: int) -> list[NativeCall]:
        """The calls that a module makes, unasked, into native code of a package that has `source_bytes` of Python."""
        if source_bytes > _THIN or not self._modules:
            return []
        return [
            NativeCall(target=call.target, phase=call.phase, where=call.where)
            for call in module.calls
            if call.phase in UNASKED
            and call.target.rpartition(".")[0] in self._modules
            and not call.excerpt.startswith("__version__")
        ]

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
