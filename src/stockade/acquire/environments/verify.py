"""The bytes of claimed files against the digests that claim them; what was digested before is known by its state."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping

from stockade import limits
from stockade.acquire.environments.claims import Claimant, Claims, Told
from stockade.acquire.environments.files import digest, inside, read, reason
from stockade.acquire.environments.record import Row, wanted, written
from stockade.acquire.environments.tree import Files, State, state
from stockade.model.environment import Oddness, Stamp

#: A file that changed this shortly before it was read may change again within one tick of its times.
UNSETTLED = 2_000_000_000
#: Options that keep a program from the variables and folders of whoever starts it.
_OPTIONS = re.compile(rb" -[EIPs]+\Z")


class Verifier:
    """Digests what must be, and gathers stamps for the next time; `known` are those of the last, `now` is in ns.

    `scripts` are the folders of commands.
    """

    def __init__(
        self,
        files: Files,
        known: Mapping[str, Stamp],
        note: Callable[[str], None],
        now: int,
        scripts: Iterable[str] = (),
    ) -> None:
        self.files = files
        self.known = known
        self._note = note
        self._now = now
        self._scripts = frozenset(scripts)
        self.stamps: dict[str, Stamp] = {}
        self.changed: set[str] = set()
        #: Files whose bytes nobody found to be as some RECORD promises.
        self.unsure: set[str] = set()
        self.digested = 0

    def verify(self, claims: Claims, told: Told) -> None:
        """Tell of each claimed file that is missing or has other bytes than its claim says."""
        contested = {row.path for _, _, row in claims.twice}
        for one in claims.claimants:
            if not one.held:
                continue
            missing = self._rows(one, claims, contested, told)
            if missing:
                self._missing(one, missing, told)
        self._contested(claims, told)

    def vouched(self, claims: Claims) -> frozenset[str]:
        """Folders of the distributions all of whose files are as their own RECORD promises, after `verify`."""
        return frozenset(
            one.dist.folder
            for one in claims.claimants
            if one.dist is not None and one.held and not any(row.path in self.unsure for row in one.rows)
        )

    def _rows(self, one: Claimant, claims: Claims, contested: set[str], told: Told) -> list[str]:
        """Check its files; returns those that are missing."""
        regular, known, stamps, owner = self.files.regular, self.known, self.stamps, claims.owner
        missing: list[str] = []
        for path, promised, size in one.rows:
            found = regular.get(path)
            if found is None:
                found = self.files.look(path)
                if found is None:
                    self._absent(path, promised, one, missing, told)
                    continue
            if not promised:
                continue
            stamp = (*found, promised)
            if known.get(path) == stamp:
                stamps[path] = stamp
            elif path in contested or claims.claimants[owner[path]] is not one:
                # Which of the claims its bytes fulfil is asked once, for all of them.
                if claims.digests[path] != promised:
                    self.unsure.add(path)
            elif why := self._differs(path, promised, size, found):
                self.changed.add(path)
                told.tell(Oddness.CHANGED, path, one.name, why)
        return missing

    def _absent(self, path: str, promised: str, one: Claimant, missing: list[str], told: Told) -> None:
        if promised:
            self.unsure.add(path)
        if self.files.there(path) and one.dist is not None:
            if not promised:
                return  # virtualenv lists folders, too
            told.tell(Oddness.CHANGED, path, one.name, "it is not a regular file")
        elif promised or not path.endswith((".pyc", ".pyo", "/__pycache__")):
            # Compiled files and their folders are listed without a digest, and go when somebody cleans up.
            missing.append(path)

    def _differs(self, path: str, promised: str, size: str, found: State) -> str:
        """Why its bytes are not those that were promised, "" where they are or can't be asked for."""
        if size.isascii() and size.isdigit() and len(size) < 20 and int(size) != found[0]:
            if self._only_options(path, promised):
                return ""
            self.unsure.add(path)
            return f"it has {found[0]:,} bytes, {int(size):,} were promised"
        asked = wanted(promised)
        if asked is None:
            self.unsure.add(path)
            self._note(f"{path} was not verified: {promised[:60]!r} is no digest that can be checked.")
            return ""
        try:
            value, now = digest(path, asked[0])
        except OSError as why:
            self.unsure.add(path)
            self._note(f"{path} cannot be read: {reason(why)}.")
            return ""
        self.digested += 1
        if value != asked[1] and not self._only_options(path, promised):
            self.unsure.add(path)
            return f"its digest is {written(asked[0], value)}, {promised} was promised"
        if self._now - max(now.st_ctime_ns, now.st_mtime_ns) > UNSETTLED:
            self.stamps[path] = (*state(now), promised)
        return ""

    def _only_options(self, path: str, promised: str) -> bool:
        """Whether a command is as promised but for options of its interpreter, which pipx adds (``-E``)."""
        asked = wanted(promised)
        if asked is None or path.rpartition("/")[0] not in self._scripts:
            return False
        try:
            first, _, rest = read(path, limits.MAX_MARK).partition(b"\n")
        except OSError:
            return False
        plain = _OPTIONS.sub(b"", first) + b"\n" + rest
        return (
            first.startswith(b"#!")
            and hashlib.new(asked[0], plain, usedforsecurity=False).digest() == asked[1]
        )

    def _missing(self, one: Claimant, missing: list[str], told: Told) -> None:
        if one.dist is None:
            # A packager's lists name what others may take away (manuals, caches); distributions' own are told.
            return
        own = [row.path for row in one.rows if not inside(row.path, one.dist.folder)]
        gone = {path for path in missing if not inside(path, one.dist.folder)}
        left = [path for path in own if path not in gone and self.files.there(path)]
        if own and gone and not left:
            told.tell(Oddness.NO_FILES, one.dist.folder, one.name, f"none of its {len(own):,} files is there")
            return
        for path in missing:
            told.tell(Oddness.MISSING_FILE, path, one.name, "its RECORD lists it")

    def _contested(self, claims: Claims, told: Told) -> None:
        """Files that two projects claim: told, unless their digests agree; changed, where neither is right."""
        by_path: dict[str, list[tuple[str, Row]]] = {}
        for first, second, row in claims.twice:
            other = Row(row.path, claims.digests.get(row.path, ""), "")
            named = by_path.setdefault(row.path, [(claims.claimants[first].name, other)])
            named.append((claims.claimants[second].name, row))
        for path, named in by_path.items():
            found = self.files.look(path)
            promises = dict.fromkeys(row.digest for _, row in named if row.digest)
            if found is None or not promises:
                continue
            if len(promises) > 1:
                others = ", ".join(dict.fromkeys(name for name, _ in named[:-1]))
                told.tell(
                    Oddness.CLAIMED_TWICE, path, named[-1][0], f"{others} claims it, too, with other bytes"
                )
            whys = [self._differs(path, promised, "", found) for promised in promises]
            if all(whys):
                self.changed.add(path)
                told.tell(Oddness.CHANGED, path, named[0][0], whys[0])
