"""Whether two names are one project's variants, by the way such variants are named."""

from __future__ import annotations

import re

_VARIANT = re.compile(
    r"types|stubs|headless|contrib|binary|bin|cpu|gpu|cuda\d*|cu\d+|rocm\d*|xpu|tpu|mps|nightly|lite|slim|full"
    r"|unstable|preview|abi3|v\d+"
)
#: Words at the beginning of a name that make a brand.
_BRAND = 2


def family(one: str, other: str) -> bool:
    """``opencv-python`` and ``opencv-python-headless``, ``types-requests`` and ``requests``: the same but for words
    that tell variants apart. Names are normalised (PEP 503)."""
    return one == other or (bool(stem(one)) and stem(one) == stem(other))


def stem(name: str) -> str:
    """`name` without the words that tell variants apart."""
    words = [word for word in name.split("-") if not _VARIANT.fullmatch(word)]
    return "-".join(words)


def siblings(one: str, other: str) -> bool:
    """``tencentcloud-sdk-python-cvm`` and ``tencentcloud-sdk-python-common``: parts of one thing in one package."""
    words = one.split("-"), other.split("-")
    return min(map(len, words)) > _BRAND and words[0][:_BRAND] == words[1][:_BRAND]
