"""From files to records: what cannot be read is counted and told, and the rest of the feed still counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stockade import limits
from stockade.acquire.advisories import yamls
from stockade.acquire.advisories.osv import UnreadableRecord, record, record_of
from stockade.errors import BadFeed
from stockade.model.advisory import Record
from stockade.model.record import kept


class Reading:
    """One pass over a feed named `source`; afterwards it says what was left out."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.records = 0
        self.unreadable = 0
        self.told: list[str] = []

    def read(self, files: Iterable[tuple[str, bytes]]) -> Iterator[Record]:
        """The records in `files`; raises BadFeed where there are files, and not one of them is a record, or none."""
        for name, data in files:
            try:
                if name.endswith(".json"):
                    found = record(data, self._source)
                else:
                    found = record_of(yamls.document(data), self._source)
            except UnreadableRecord as why:
                self.leave_out(name, str(why))
                continue
            self.records += 1
            yield found
        if not self.records:
            first = f"; {self.told[0]}" if self.told else ""
            raise BadFeed(f"there is no advisory in it that can be read{first}")

    def leave_out(self, name: str, why: str) -> None:
        """Note a record that does not count."""
        self.unreadable += 1
        if len(self.told) < limits.MAX_FEED_TOLD:
            self.told.append(f"{kept(name, 120)} was left out: {why}")
