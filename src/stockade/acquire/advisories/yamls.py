"""One YAML document, every scalar of it as text: PyPA's database is written so.

Text, since YAML's own guesses would make numbers of versions (1.10 is not 1.1). Anchors are refused: a few lines with
them can stand for more than a machine holds. PyYAML is an extra (docs/decisions/0012-advisories.md).
"""

from __future__ import annotations

from stockade import limits
from stockade.acquire.advisories.osv import UnreadableRecord
from stockade.errors import FeedIncomplete


def document(data: bytes) -> object:
    """What stands in `data`; raises UnreadableRecord, and FeedIncomplete where PyYAML is not installed."""
    try:
        import yaml  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise FeedIncomplete("records in YAML need PyYAML, which is not installed here") from None
    if len(data) > limits.MAX_ADVISORY:
        raise UnreadableRecord(f"it is larger than {limits.MAX_ADVISORY >> 20} MiB")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        if b"&" in data and any(getattr(one, "anchor", None) for one in yaml.parse(data, Loader=loader)):
            raise UnreadableRecord("it has anchors, which no database of advisories needs")
        found: object = yaml.load(data, Loader=loader)  # noqa: S506 (it makes texts, lists and mappings, and nothing else)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as why:
        raise UnreadableRecord(f"it is no YAML: {str(why).splitlines()[0][:100]}") from None
    return found
