"""Jupyter: tokens of servers that run, and passwords of those that are set up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.acquire.credentials.formats import json_document, text_of
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.spots import File, Rule, Spot, keyed, placeholder
from stockade.model.credential import Kind, Life, Rotation

_SET = re.compile(r"^\s*c\.\w+\.(token|password)\s*=\s*[ru]?[\"']([^\"'\n]+)[\"']", re.MULTILINE)


def settings(file: File) -> Iterator[Found]:
    """``c.ServerApp.token = '…'``; read as text, and never run."""
    for name, value in _SET.findall(text_of(file.data)):
        if not placeholder(value):
            yield Found(provider="Jupyter", kind=Kind(name), secret=Secret(value))


SPOTS = (
    Spot(patterns=(".jupyter/*config.py",), read=settings),
    Spot(
        patterns=(".jupyter/jupyter_server_config.json", ".jupyter/jupyter_notebook_config.json"),
        read=keyed(
            "Jupyter",
            json_document,
            *(
                Rule(path=f"{app}.{word}")
                for app in ("ServerApp", "NotebookApp", "IdentityProvider")
                for word in ("token", "password")
            ),
        ),
    ),
    Spot(
        patterns=(
            ".local/share/jupyter/runtime/jpserver-*.json",
            ".local/share/jupyter/runtime/nbserver-*.json",
        ),
        read=keyed(
            "Jupyter",
            json_document,
            Rule(path="token", life=Life.SHORT, rotation=Rotation.EXPIRES, principal="url"),
        ),
    ),
)
