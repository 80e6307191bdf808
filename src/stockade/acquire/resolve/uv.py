"""Run `uv pip compile` against a window, and read what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stockade import limits
from stockade.errors import ResolutionFailed, StockadeError
from stockade.model.project import ProjectName, Requirement, project_name

_PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\#]+)")
_VIA = re.compile(r"\s+#\s+(?:via\s*)?(.*)")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_FURNITURE = re.compile(r"^\s*(?:error:|cause:|[×╰─▶│├]+)*\s*")
_NO_SOLUTION = "No solution found"
#: Where uv may keep what it learned about our interpreter; the only thing in it.
_CACHE = "uv"
#: Passed on to uv where set: without these, processes do not start on some systems.
_PASSED_ON = ("SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One release that uv chose; `via` are the projects that asked for it, empty for the person's own."""

    name: ProjectName
    version: str
    via: tuple[ProjectName, ...]


class Refused(ResolutionFailed):
    """uv found no set of releases; the message is its explanation, in one line."""


def compile_pins(
    asked: Sequence[Requirement],
    constraints: Sequence[Requirement],
    *,
    index_url: str,
    python_version: str,
    prereleases: bool,
    cache: Path | None,
    seconds: float = limits.RESOLVE_SECONDS,
) -> tuple[Pin, ...]:
    """The releases that satisfy `asked` within `constraints`, as the index at `index_url` offers them.

    `cache` is a folder of Stockade's own. Raises Refused where there is no solution, ResolutionFailed after
    `seconds`, StockadeError where uv cannot be run or says something unheard of.
    """
    with tempfile.TemporaryDirectory(prefix="stockade-resolve-") as folder:
        empty = Path(folder)
        (empty / "requirements.in").write_text(_lines(asked), encoding="utf-8")
        (empty / "constraints.txt").write_text(_lines(constraints), encoding="utf-8")
        command = [*_command(python_version, prereleases), "requirements.in"]
        try:
            done = subprocess.run(  # noqa: S603 - our own uv, with arguments that hold no foreign text
                command,
                cwd=empty,
                env=_environment(os.environ, index_url, home=empty, cache=cache),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ResolutionFailed(f"no set of releases was found within {seconds:.0f} s") from None
        except OSError as why:
            raise StockadeError(f"uv, which resolves for Stockade, cannot be run: {why.strerror}") from None
    said, complained = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    if done.returncode != 0:
        raise _refusal(complained)
    return read_pins(said)


def read_pins(output: str) -> tuple[Pin, ...]:
    """Parse what uv prints (a requirements file, annotations in the split style); StockadeError if it isn't."""
    found: list[Pin] = []
    via: list[ProjectName] = []
    for line in output.splitlines():
        comment = _VIA.fullmatch(line)
        pin = _PIN.match(line)
        if comment and found:
            via += _asker(comment.group(1))
            found[-1] = Pin(name=found[-1].name, version=found[-1].version, via=tuple(via))
        elif pin:
            via = []
            found.append(Pin(name=project_name(pin.group(1)), version=pin.group(2), via=()))
        elif line.strip():
            raise StockadeError(f"uv printed a line that names no release: {line[: limits.MAX_EXCERPT]!r}")
    return tuple(found)


def explanation(complaint: str) -> str:
    """uv's report of a failure as one line of plain text, at most limits.MAX_EXPLANATION characters."""
    lines: list[str] = []
    for line in _ANSI.sub("", complaint).splitlines():
        text = _FURNITURE.sub("", line).strip()
        if text.startswith("hint:"):
            break
        if text and not text.startswith((_NO_SOLUTION, "Resolved ", "warning:")):
            lines.append(text)
    text = " ".join(lines).replace(", we can conclude that your requirements are unsatisfiable", "")
    if len(text) > limits.MAX_EXPLANATION:
        text = text[: limits.MAX_EXPLANATION].rstrip() + "…"
    return text or "uv gave no reason"


def _command(python_version: str, prereleases: bool) -> list[str]:
    return [
        _binary(),
        *("pip", "compile", "--no-config", "--no-sources"),
        # The window shows no sdist; this is the second lock on the same door.
        *("--no-build", "--no-python-downloads"),
        *("--no-progress", "--color", "never", "--no-header", "--annotation-style", "split"),
        *("--python", sys.executable, "--python-version", python_version),
        *("--prerelease", "allow" if prereleases else "if-necessary-or-explicit"),
        *("--constraints", "constraints.txt"),
    ]


def _binary() -> str:
    import uv

    try:
        return uv.find_uv_bin()
    except FileNotFoundError:
        raise StockadeError("uv, which resolves for Stockade, is not installed beside it") from None


def _environment(
    ours: Mapping[str, str], index_url: str, *, home: Path, cache: Path | None
) -> dict[str, str]:
    passed = {key: ours[key] for key in _PASSED_ON if key in ours}
    return passed | {
        "PATH": "",
        "HOME": str(home),
        "NO_PROXY": "127.0.0.1",
        "UV_DEFAULT_INDEX": index_url,
        "UV_CACHE_DIR": str((cache or home) / _CACHE),
        # An answer may wait for a download; a retry would only repeat what the view has already tried.
        "UV_HTTP_TIMEOUT": str(int(limits.RESOLVE_SECONDS)),
        "UV_HTTP_RETRIES": "0",
        # As many questions at a time as may be handed on to the index.
        "UV_CONCURRENT_DOWNLOADS": str(limits.MAX_CONNECTIONS),
    }


def _lines(requirements: Iterable[Requirement]) -> str:
    return "".join(f"{one}\n" for one in requirements)


def _asker(text: str) -> list[ProjectName]:
    name = text.strip()
    return [project_name(name)] if name and not name.startswith("-") else []


def _refusal(complaint: str) -> StockadeError:
    if _NO_SOLUTION in complaint:
        return Refused(explanation(complaint))
    return ResolutionFailed(f"the resolver failed: {explanation(complaint)}")
