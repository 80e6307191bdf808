"""The home that a detonation lays out looks like a real one, so the inventory must find what lies in it."""

from __future__ import annotations

from pathlib import Path

from stockade.acquire.credentials.home import Home
from stockade.acquire.credentials.inventory import Scope, inventory
from stockade.acquire.detonate.decoys import lay_out

#: In no file, or in one that nothing but its words tells from any other.
ELSEWHERE = {"an argument of a call", "an argument of a constructor", "~/Documents/recovery-phrase.txt"}


def test_every_decoy_is_found_where_it_lies(tmp_path: Path) -> None:
    laid = lay_out(tmp_path, seed="a home")
    said: list[str] = []
    home = Home(root=tmp_path, say=lambda sentence, where: said.append(sentence))
    made = inventory(Scope(home=home, environ=laid.variables, proc=None, pod=None), b"key")
    assert said == []
    found = {place.where for one in made for place in one.places}
    lying = {one.where for one in laid.decoys} - ELSEWHERE
    missed = {
        where
        for where in lying
        # A variable, and what a metadata service hands out, which is never asked.
        if where.startswith("~") and not any(where == one or where.startswith(f"{one}/") for one in found)
    }
    assert missed == set()
    assert {f"${name}" for name in laid.variables if name in lying} <= found
    told = repr(made).encode()
    assert not [one.where for one in laid.decoys if one.marker in told]
