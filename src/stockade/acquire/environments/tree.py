"""The files of an environment's site folders, each with what tells that it has changed; links are not followed."""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from stockade import limits
from stockade.acquire.environments.files import reason

#: Size, mtime (ns), inode, ctime (ns): the last is set by the kernel alone.
State = tuple[int, int, int, int]


def state(found: os.stat_result) -> State:
    """What of a file's state tells that its bytes are other ones."""
    return found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns


@dataclass(slots=True)
class Files:
    """`regular` are regular files by full path; `others` links, pipes, sockets and devices; `cut` is set at a bound."""

    regular: dict[str, State] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    cut: bool = False
    _beyond: dict[str, State | None] = field(default_factory=dict)

    def look(self, path: str) -> State | None:
        """The state of a file that may lie outside of what was listed, or behind a link; None where there is none."""
        if path in self.regular:
            return self.regular[path]
        if path not in self._beyond:
            try:
                found = os.stat(path)
            except (OSError, ValueError):
                self._beyond[path] = None
            else:
                self._beyond[path] = state(found) if stat.S_ISREG(found.st_mode) else None
        return self._beyond[path]

    def there(self, path: str) -> bool:
        """Whether something lies there, be it no regular file."""
        return path in self.regular or path in self.others or os.path.lexists(path)


def listed(tops: Iterable[str], note: Callable[[str], None]) -> Files:
    """All files below each of `tops`, the nearest first; what can't be listed is a sentence to `note`."""
    files = Files()
    pending = deque(tops)
    while pending:
        folder = pending.popleft()
        try:
            with os.scandir(folder) as listing:
                for entry in listing:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                        continue
                    found = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(found.st_mode):
                        files.regular[entry.path] = (
                            found.st_size,
                            found.st_mtime_ns,
                            found.st_ino,
                            found.st_ctime_ns,
                        )
                    else:
                        files.others[entry.path] = found.st_mode
                    if len(files.regular) + len(files.others) >= limits.MAX_ENVIRONMENT_FILES:
                        files.cut = True
                        break
        except FileNotFoundError:
            continue  # it went while we looked
        except OSError as why:
            note(f"{folder} cannot be read: {reason(why)}.")
        if files.cut or len(pending) > limits.MAX_ENVIRONMENT_FILES:
            files.cut = True
            many = f"{limits.MAX_ENVIRONMENT_FILES:,}"
            note(f"{folder} holds one of more than {many} files; who owns those behind it was not looked at.")
            break
    return files
