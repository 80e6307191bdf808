"""What the copies of feeds say of releases, for whoever decides about many: looked up once until a copy changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from stockade.decide import advisories
from stockade.decide.policy import Policy
from stockade.model.advisory import Advisory, FeedState, Key, Match, Scope
from stockade.model.project import ProjectName, Release
from stockade.remember.feeds import Feeds

#: For how many releases, and projects, the answer is kept.
_KEPT = 50_000
#: For how long, in seconds, nobody looks whether a copy was replaced.
_MOMENT = 0.5


class Advised:
    """As pipeline.Advisories, over `feeds`; safe to use from many threads."""

    def __init__(self, feeds: Feeds, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._feeds, self._clock = feeds, clock
        self._lock = threading.RLock()
        self._looked = float("-inf")
        self._token: object = None
        self._states: tuple[FeedState, ...] = ()
        self._scopes: dict[ProjectName, Sequence[tuple[Key, Scope]]] = {}
        self._under: dict[Release, tuple[Match, ...]] = {}

    def token(self) -> object:
        """As pipeline.Advisories; a copy that was replaced is seen within a moment."""
        with self._lock:
            if self._clock() - self._looked >= _MOMENT:
                self._looked = self._clock()
                token = self._feeds.token()
                if token != self._token:
                    self._token, self._states = token, self._feeds.states()
                    self._scopes, self._under = {}, {}
            return self._token

    def under(self, release: Release) -> tuple[Match, ...]:
        """Every advisory that `release` is under, the malicious first."""
        with self._lock:
            self.token()
            if self._scopes.get(release.name) == ():
                return ()  # pages list thousands of releases of projects that nothing is published about
            found = self._under.get(release)
            if found is None:
                if len(self._under) > _KEPT:
                    self._under.clear()
                found = self._under[release] = advisories.matches((release,), self)
            return found

    def stale(self, policy: Policy, now: datetime) -> str:
        """As decide.advisories.stale, of the copies that are here."""
        with self._lock:
            self.token()
            return advisories.stale(self._states, policy, now)

    def scopes(self, names: Iterable[ProjectName]) -> Mapping[ProjectName, Sequence[tuple[Key, Scope]]]:
        """As decide.advisories.Book."""
        wanted = list(names)
        missing = [name for name in wanted if name not in self._scopes]
        if missing:
            if len(self._scopes) > _KEPT:
                self._scopes.clear()
            found = self._feeds.scopes(missing)
            self._scopes |= {name: found.get(name, ()) for name in missing}
        return {name: self._scopes[name] for name in wanted if name in self._scopes}

    def advisories(self, keys: Iterable[Key]) -> Mapping[Key, Advisory]:
        """As decide.advisories.Book."""
        return self._feeds.advisories(keys)
