"""Ways to tell people who sit at this machine: a line, and a notification on the desktop."""

from __future__ import annotations

import html
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from stockade import limits
from stockade.act.notify.message import Message
from stockade.errors import NotifyFailed


class Channel(Protocol):
    """A way to tell people."""

    @property
    def name(self) -> str: ...

    def tell(self, message: Message) -> None:
        """Tell it; raises NotifyFailed, where it may be tried again."""
        ...


@dataclass(frozen=True, slots=True)
class Terminal:
    """Lines for whoever watches, or for the journal of the service."""

    says: Callable[[str], None]
    name: str = "terminal"

    def tell(self, message: Message) -> None:
        """As Channel.tell."""
        self.says(f"ALERT: {message.title}")
        for line in message.lines:
            self.says(f"  {line}")


#: The texts are its arguments, so that nothing in them is AppleScript.
_SCRIPT = ("on run told", "display notification (item 2 of told) with title (item 1 of told)", "end run")


@dataclass(frozen=True, slots=True)
class Desktop:
    """A notification by `program`, which is notify-send (freedesktop.org) or osascript (macOS)."""

    program: str
    platform: str = sys.platform
    name: str = "desktop"

    def tell(self, message: Message) -> None:
        """As Channel.tell."""
        text = "\n".join(message.lines[: limits.MAX_DESKTOP_LINES])
        if self.platform == "darwin":
            words = [self.program, *(word for line in _SCRIPT for word in ("-e", line)), message.title, text]
        else:
            # A server may take its text for markup.
            said = [html.escape(one, quote=False) for one in (message.title, text)]
            words = [self.program, "--app-name=Stockade", "--urgency=critical", "--", *said]
        try:
            done = subprocess.run(  # noqa: S603 (an argument list of ours)
                words,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=limits.NOTIFY_SECONDS,
                check=False,
            )
        except OSError as why:
            raise NotifyFailed(f"{self.program} cannot be run: {why.strerror}") from None
        except subprocess.TimeoutExpired:
            raise NotifyFailed(f"{self.program} does not end") from None
        if done.returncode:
            raise NotifyFailed(f"{self.program} ended with {done.returncode}")


def desktop(environ: Mapping[str, str], platform: str = sys.platform) -> Desktop | None:
    """The desktop of this session; None where there is none."""
    if platform == "darwin":
        program = shutil.which("osascript", path=environ.get("PATH"))
        return Desktop(program, platform) if program else None
    program = shutil.which("notify-send", path=environ.get("PATH"))
    seated = any(environ.get(one) for one in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"))
    return Desktop(program, platform) if program and seated else None
