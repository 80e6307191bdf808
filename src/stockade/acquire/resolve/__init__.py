"""Requirement -> the whole closure of ArtifactRefs. See docs/decisions/0003-resolver.md."""

from stockade.acquire.resolve.closure import Closure
from stockade.acquire.resolve.ranges import TransportRanges
from stockade.acquire.resolve.resolver import resolve
from stockade.acquire.resolve.target import PythonTarget, active_target, own_target, target_for

__all__ = [
    "Closure",
    "PythonTarget",
    "TransportRanges",
    "active_target",
    "own_target",
    "resolve",
    "target_for",
]
