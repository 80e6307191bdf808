"""Characters that look like ASCII letters and digits, folded to those (UTS #39 in spirit; the scripts that occur)."""

from __future__ import annotations

import unicodedata

_LIKE = {
    "a": "аαɑа𝐚ạąǎăåäãâáà",
    "b": "Ьƅвβɓ",
    "c": "сϲⅽ¢çćčᴄ",
    "d": "ԁɗđⅾժ",
    "e": "еєҽ℮ẹęëêéèεёэ",
    "f": "ƒꬵϝ",
    "g": "ɡġğģցց",
    "h": "һհнћɦ",
    "i": "іıίìíîïɩιɪ¡ⅰӏ",
    "j": "јϳʝ",
    "k": "кκķќ",
    "l": "ⅼł∣ľļӏ",
    "m": "мⅿṃ",
    "n": "пոñńпηո",
    "o": "оοօσöõôóòøӧᴏ",
    "p": "рρþṗр",
    "q": "ԛգզ",
    "r": "гŕřɾᴦ",
    "s": "ѕşšśꜱ",
    "t": "тτţťŧ",
    "u": "υսùúûüцᴜʋ",
    "v": "ѵνᴠⅴ",
    "w": "ԝωшѡᴡ",
    "x": "хχⅹ×",
    "y": "уүγýÿʏ",
    "z": "ᴢźžż",
    "0": "Ο",
    "3": "зЗӡ",
    "4": "Ч",
    "6": "б",
}
_FOLD = {ord(strange): plain for plain, group in _LIKE.items() for strange in group if not strange.isascii()}


def folded(text: str) -> str:
    """`text` in ASCII as a reader takes it: compatibility forms, accents, look-alike letters and what draws nothing
    are folded away; what looks like nothing in ASCII stays."""
    plain = unicodedata.normalize("NFKC", text).translate(_FOLD)
    kept = []
    for char in unicodedata.normalize("NFKD", plain.lower()):
        category = unicodedata.category(char)
        if category in ("Mn", "Me", "Cf"):
            continue
        kept.append("-" if category == "Pd" else _FOLD.get(ord(char), char))
    return "".join(kept)
