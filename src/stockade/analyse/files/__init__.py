"""What is not Python syntax: kinds of files, start-up files, text that hides."""

from __future__ import annotations

from stockade.analyse.files.hidden import hidden_text
from stockade.analyse.files.kinds import classify, file_fact, installed
from stockade.analyse.files.startup import bounded_lines, is_startup, started, startup_lines

__all__ = [
    "bounded_lines",
    "classify",
    "file_fact",
    "hidden_text",
    "installed",
    "is_startup",
    "started",
    "startup_lines",
]
