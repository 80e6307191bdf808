"""Code of one's own that imports a package, and which credentials it names: such code hands them over.

The incident that this project was born from worked so: a clone of a real SDK was given the keys by its own user.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from stockade import limits
from stockade.acquire.credentials.home import Home
from stockade.acquire.credentials.loose import walked
from stockade.model.credential import Credential
from stockade.model.exposure import Use


def uses(home: Home, modules: Iterable[str], credentials: Sequence[Credential]) -> Iterator[Use]:
    """Scripts and notebooks of `home` that import one of `modules` (dotted names), at most limits.MAX_USES of them."""
    wanted = sorted({one for one in modules if one})
    if not wanted:
        return
    names = "|".join(re.escape(one) for one in wanted)
    pattern = re.compile(rf"^[ \t]*(?:import|from)[ \t]+(?:[\w.]+[ \t]*,[ \t]*)*(?:{names})\b", re.MULTILINE)
    called = [_names(one) for one in credentials]
    count = 0
    for path in walked(home, _is_code):
        data = home.read(path)
        if not data or not any(one.encode() in data for one in wanted):
            continue
        text = _source(path, data)
        found = pattern.search(text)
        if found is None:
            continue
        named = tuple(
            (number, hit)
            for number, many in enumerate(called)
            if (hit := next((one for one in many if one in text), ""))
        )
        yield Use(where=home.shown(path), line=text.count("\n", 0, found.start()) + 1, names=named)
        count += 1
        if count >= limits.MAX_USES:
            home.say(f"only the first {count} files that import it are told", "")
            return


def _is_code(name: str) -> bool:
    return name.endswith((".py", ".ipynb", ".pyw"))


def _source(path: Path, data: bytes) -> str:
    """The text of a script, or of a notebook's cells."""
    text = data.decode("utf-8", "replace")
    if path.suffix != ".ipynb":
        return text
    try:
        cells = json.loads(text).get("cells", [])
        sources = [one.get("source", "") for one in cells if one.get("cell_type") == "code"]
    except (ValueError, AttributeError, RecursionError):
        return text
    return "\n".join("".join(one) if isinstance(one, list) else str(one) for one in sources)


def _names(one: Credential) -> tuple[str, ...]:
    """What code that uses a credential would name: its variable, its principal, the file that it lies in."""
    found: list[str] = [one.principal] if len(one.principal) >= _TELLING else []
    for place in one.places:
        if place.where.startswith("$"):
            found.append(place.where[1:])
        elif place.item.isidentifier() and place.item.isupper():
            found.append(place.item)
        elif place.item.startswith("profile ") and len(place.item) > len("profile default"):
            found.append(place.item.removeprefix("profile "))
    return tuple(dict.fromkeys(name for name in found if len(name) >= _TELLING))


#: Shorter names stand in any code.
_TELLING = 6
