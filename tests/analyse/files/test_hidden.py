"""Hidden text, and the honest text that looks like it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade import limits
from stockade.analyse.files import hidden_text
from stockade.analyse.files.facts import HiddenText, Hiding
from stockade.analyse.files.lexer import Lexed, Where

LRI, PDI, RLO, PDF, RLM = "\u2066", "\u2069", "\u202e", "\u202c", "\u200f"


def found(source: str | bytes) -> list[HiddenText]:
    """All that is hidden in `source`."""
    return list(hidden_text("demo/a.py", source.encode() if isinstance(source, str) else source))


def hows(source: str | bytes) -> list[tuple[Hiding, int | None]]:
    """How and on which line."""
    return [(one.how, one.where.line) for one in found(source)]


@pytest.mark.parametrize(
    "source",
    [
        f'x = 1\nif role != "user{RLO} {LRI}# only for admins{PDI} {LRI}":\n',
        f"x = 1\n# a comment {RLO} }} {LRI} if admin {PDI}\n",
        f"x = 1\nx {LRI} = 2\n",
        f'x = 1\ny = """text {LRI} more words\n"""\n',
    ],
)
def test_bidi(source: str) -> None:
    assert hows(source) == [(Hiding.BIDI, 2)]


@pytest.mark.parametrize(
    "source",
    [
        f'x = "{LRI}שלום עולם{PDI} text"\n',
        f'CONTROLS = "\u202a\u202b\u202c\u202d\u202e{LRI}{PDI}"\n',
        f'x = "{RLM}שלום{RLM}"\n',
        f"# {LRI}مرحبا بالعالم{PDI}\n",
        'x = "\\u202e reversed"\n',
    ],
)
def test_honest_bidi(source: str) -> None:
    assert hows(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "a = 1\nb\u200b = 2\n",
        "a = 1\nb = 'x" + "\u200b\u200c\u200d\u2060" * 3 + "'\n",
        "a = 1\n# " + "\u200b\u200c" * 8 + "\n",
        "a = 1\nb = '" + "".join(chr(0xE0100 + n) for n in b"print(1)") + "'\n",
        "a = 1\nb = '" + "".join(chr(0xE0000 + n) for n in b"print(1)") + "'\n",
        "a = 1\nb = '" + "\u3164" * 9 + "'\n",
        "a = 1\n\ufeffb = 1\n",
    ],
)
def test_zero_width(source: str) -> None:
    assert hows(source) == [(Hiding.ZERO_WIDTH, 2)]


@pytest.mark.parametrize(
    "source",
    [
        "\ufeffa = 1\n",
        'a = "می\u200cخواهم"\n',
        'a = "क्\u200dष"\n',
        'a = "👩\u200d👩\u200d👧\ufe0f"\n',
        'a = "⚠\ufe0f and ✅\ufe0f"\n',
        'flag = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"\n',
        'SPACES = "\u200b\u200c\u200d\u2060\ufeff"\n',
        "# zero\u200bwidth in a comment\n",
    ],
)
def test_honest_zero_width(source: str) -> None:
    assert hows(source) == []


@pytest.mark.parametrize("run", [" " * 150, "\t" * 19, " \t" * 17, " " * 4000])
def test_code_far_right(run: str) -> None:
    (one,) = found(f"import os\nimport sys;{run};exec('1')\nx = 1\n")
    assert (one.how, one.where.line, one.where.file) == (Hiding.FAR_RIGHT, 2, "demo/a.py")
    assert one.excerpt == ";exec('1')"


def test_code_far_right_on_a_line_of_its_own_or_the_last() -> None:
    assert hows("f(\n" + " " * 200 + "g())") == [(Hiding.FAR_RIGHT, 2)]


@pytest.mark.parametrize(
    "source",
    [
        "x = 1" + " " * 400 + "\ny = 2\n",
        "x = 1" + " " * 400,
        "x = 1" + " " * 400 + "# a remark far out\n",
        "x = 1 + " + " " * 400 + "\\\n 2\n",
        'TABLE = """\na' + " " * 400 + 'b\n"""\n',
        "x = 'a" + " " * 400 + "b'\n",
        "# a" + " " * 400 + "b\n",
        "x = 1;" + " " * 100 + "y = 2\n",
    ],
)
def test_honest_blanks(source: str) -> None:
    assert hows(source) == []


def test_data_in_blanks() -> None:
    bits = "".join("\t" if bit == "1" else " " for bit in bin(int.from_bytes(b"print('hello')", "big")))
    assert hows(f"x = 1\ny = '{bits}'\n") == [(Hiding.WHITESPACE_CODE, 2)]
    lines = "".join(f"x = {n}  \t \t  \t \t\n" for n in range(20))
    assert hows("# 1\n" + lines) == [(Hiding.WHITESPACE_CODE, 2)]
    aligned = "".join(f"x{n} \t= {n}\n" for n in range(40))
    assert hows(aligned) == []
    assert hows("".join(f"\t \tx = {n}\n" for n in range(40))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import os\nimport r\u0435quests\n",
        "import os\n\U0001d41e\U0001d42f\U0001d41a\U0001d425('1')\n",
        "import os\n\uff45\uff56\uff41\uff4c('1')\n",
        "import os\ndelete_\u0441ache()\n",
        "import os\n\u0391pi = 1\n",
    ],
)
def test_homoglyphs(source: str) -> None:
    assert hows(source) == [(Hiding.HOMOGLYPH, 2)]


@pytest.mark.parametrize(
    "source",
    [
        "Δx = σ_max = θ2 = µ = 1\n",
        "имя = 'r\u0435quests'\n",
        "# r\u0435quests\n",
        "ℓ = 1\n",
        "größe = naïve = 名前 = 1\n",
        "x = 'ｅｖａｌ'\n",
        "x = '１２３'\n",
    ],
)
def test_honest_names(source: str) -> None:
    assert hows(source) == []


def test_a_name_is_reported_once_and_all_is_bounded() -> None:
    assert hows("r\u0435 = 1\nr\u0435 = 2\n") == [(Hiding.HOMOGLYPH, 1)]
    assert len(found("".join(f"a{n}\u0435 = 1\n" for n in range(99)))) == limits.MAX_HIDDEN
    (one,) = found("x" * 3000 + "\u0435" + "y" * 3000 + " = 1\n")
    assert len(one.excerpt) <= limits.MAX_EXCERPT


def test_what_is_no_source() -> None:
    assert hows(b"\x00 a\xe2\x80\x8b = 1") == []
    assert hows(b"a = 'caf\xe9'\nb\xe2\x80\x8b = 2\n") == [(Hiding.ZERO_WIDTH, 2)]
    assert hows("") == []


def test_the_lexer_knows_strings_and_comments() -> None:
    text = """a = rb'x"\\'' + f"b" # 'c'\nd = '''e"\n''' + 'open\ny = "\\\\" + g\n"""
    lexed = Lexed(text)
    places = {char: lexed.at(text.index(char)).where for char in "axbcdeyg"}
    strings = dict.fromkeys("xbe", Where.STRING)
    code = dict.fromkeys("adyg", Where.CODE)
    assert places == {**strings, **code, "c": Where.COMMENT}
    assert lexed.at(text.index("open")).where is Where.STRING
    assert Lexed("").at(0).where is Where.CODE
    assert Lexed("x = '''never closed \\").at(18).where is Where.STRING


@pytest.mark.parametrize(
    "piece", ['"""', "'", '"\\', "\u200b", "\u202e", " \t", "\u0435 ", '"' + " " * 200, "\u202e'\n"]
)
def test_hostile_repetition_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    found(piece * (400_000 // len(piece)))
    assert time.process_time() - start < 2


@settings(max_examples=60, deadline=1000)
@given(st.text(alphabet="a='\"\\#\n \t\u200b\u202e\u0435\uff45é", max_size=400))
def test_any_text(text: str) -> None:
    for one in found(text):
        assert one.where.line is not None
        assert 1 <= one.where.line <= text.count("\n") + 1
