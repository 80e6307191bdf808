#!/usr/bin/env python3
"""Lookalikes made by machine of the best known projects, three for each way and project: is the right one named first?

    python bench/names_made.py [--best 500] [--seed 1]

Nobody chose them, so that they tell where the rules end: in names of three or four letters, and in two slips at once.
"""

from __future__ import annotations

import argparse
import random
import string
import sys
from collections.abc import Callable

from stockade.acquire.reference_file import mapped, shipped_names
from stockade.analyse.identity.names import Names
from stockade.analyse.identity.names.distance import NEIGHBOURS

WORDS = (
    "python-% py-% py% python3-% %-python %-py %-lib %2 %3 %-dev %-sdk lib% %-client %-api %-utils %-core %lib %-tools"
    " %-pro %-helper new-% %-latest easy-% %-v2 %py %-package"
)
SLIPS = ("omission", "repetition", "transposition", "keyboard")


def made(way: str, name: str, chance: random.Random) -> str:
    """`name`, confused in one way; it may come out as it was."""
    at = chance.randrange(len(name))
    before, char, after = name[:at], name[at], name[at + 1 :]
    letter = chance.choice(string.ascii_lowercase)
    near = [other for one, other in sorted(NEIGHBOURS) if one == char] or [letter]
    words, half = name.split("-"), len(name) // 2
    ways: dict[str, Callable[[], str]] = {
        "omission": lambda: before + after,
        "repetition": lambda: before + char + char + after,
        "transposition": lambda: before + after[:1] + char + after[1:],
        "keyboard": lambda: before + chance.choice(near) + after,
        "addition": lambda: before + letter + char + after,
        "substitution": lambda: before + letter + after,
        "vowel": lambda: before + (chance.choice("aeiou") if char in "aeiou" else char) + after,
        "plural": lambda: name[:-1] if name.endswith("s") else name + "s",
        "delimiter": lambda: name.replace("-", "") if "-" in name else f"{name[:half]}-{name[half:]}",
        "word order": lambda: "-".join(chance.sample(words, len(words))),
        "words around": lambda: chance.choice(WORDS.split()).replace("%", name),
    }
    if way == "two slips":
        once = made(chance.choice(SLIPS), name, chance)
        return made(chance.choice(SLIPS), once, chance) if once else name
    return ways[way]()


WAYS = (
    *SLIPS,
    "addition",
    "substitution",
    "vowel",
    "plural",
    "delimiter",
    "word order",
    "words around",
    "two slips",
)


def main() -> int:
    """Print a line for each way: how many have the right project first, of all names and of those of some length."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--best", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    table = Names(mapped(shipped_names()))
    chance = random.Random(given.seed)
    print(f"{'way':16}{'right target first':>24}{'of six letters or more':>28}")
    for way in WAYS:
        counts = [0, 0, 0, 0]
        for name in table.table.names[: given.best]:
            for _ in range(3):
                typed = made(way, name, chance).strip("-")
                about = table.about(typed)
                if about.known or about.name == name or not typed:
                    continue
                right = bool(about.lookalikes) and about.lookalikes[0].target == name
                long = len(name) > 5
                counts = [counts[0] + right, counts[1] + 1, counts[2] + (right and long), counts[3] + long]
        shares = [
            f"{100 * some / max(all_of, 1):.1f} % of {all_of}" for some, all_of in (counts[:2], counts[2:])
        ]
        print(f"{way:16}{shares[0]:>24}{shares[1]:>28}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
