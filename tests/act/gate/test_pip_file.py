"""pip's configuration pointed at a gate, and back, with every other byte as it was."""

from __future__ import annotations

import configparser

import pytest

from stockade.act.gate.edits import undone
from stockade.act.gate.pip_file import ASKED_BY_GATE, pointed
from stockade.errors import BadSettings

GATE = "http://127.0.0.1:8642/simple/"

FILES = {
    "none": "",
    "other section": "[install]\nno-compile = true\n",
    "no index": "# ours\n[global]\ntimeout = 60   \n\n; end\n",
    "an index": "[global]\n# the mirror\nindex-url = https://mirror.example/simple/\ntimeout=9\n",
    "spelt otherwise": "[global]\nIndex_URL: https://mirror.example/simple/\n",
    "no end": "[global]\ntimeout = 60",
    "a header without end": "[global]",
    "other line ends": "[global]\r\nindex-url = https://mirror.example/simple/\r\ntimeout = 3\r\n",
    "two sections": "[global]\nindex-url=https://a.example/\n[install]\nindex-url = https://b.example/\n",
    "the value below": "[global]\nindex-url =\n    https://mirror.example/simple/\ntimeout = 3\n",
    "more of them": "[global]\nextra-index-url =\n"
    "    https://a.example/simple/\n\thttps://b.example/simple/\nno-color = 1\n",
    "no end, and an index": "[global]\nindex-url = https://mirror.example/simple/",
    "a form feed": "[global]\n# \x0c\u2028 odd\nindex-url = https://mirror.example/simple/\n",
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_pointed_and_back(text: str) -> None:
    made, edits, _ = pointed(text, GATE, "pip.conf")
    parser = configparser.RawConfigParser()
    parser.read_string(made)
    assert parser["global"]["index-url"] == GATE
    assert not any("extra-index-url" in parser[one] for one in parser.sections())
    assert undone(made, edits) == (text, ())
    # What a person wrote is still there, in its order.
    kept = iter(made.splitlines())
    for line in text.splitlines():
        if "index" not in line.lower() and "https:" not in line:
            assert line in kept
    assert pointed(made, GATE, "pip.conf")[:2] == (made, [])


def test_every_section_that_has_an_index_gets_the_gate() -> None:
    made, edits, _ = pointed(FILES["two sections"], GATE, "pip.conf")
    assert made.count(GATE) == len(edits) == 2
    assert "b.example" not in made


def test_further_indexes_go_to_the_gate() -> None:
    made, _, taken = pointed(FILES["more of them"], GATE, "pip.conf")
    assert taken == ["https://a.example/simple/", "https://b.example/simple/"]
    assert ASKED_BY_GATE in made and "a.example" not in made


def test_other_lines_that_were_changed_since_stay() -> None:
    made, edits, _ = pointed(FILES["an index"], GATE, "pip.conf")
    changed = "[install]\nno-compile = true\n" + made.replace("timeout=9", "timeout=10")
    text, lost = undone(changed, edits)
    assert lost == ()
    assert text == "[install]\nno-compile = true\n" + FILES["an index"].replace("timeout=9", "timeout=10")


def test_lines_added_behind_a_last_line_without_an_end() -> None:
    made, edits, _ = pointed("[install]\ncompile = no", GATE, "pip.conf")
    assert undone(made + "no-color = 1\n", edits)[0] == "[install]\ncompile = no\nno-color = 1\n"


def test_of_two_sections_each_gets_its_own_back() -> None:
    made, edits, _ = pointed(FILES["two sections"], GATE, "pip.conf")
    changed = made.replace(f"[install]\nindex-url = {GATE}", "[install]\nindex-url = https://c.example/")
    text, lost = undone(changed, edits)
    assert text == FILES["two sections"].replace("https://b.example/", "https://c.example/")
    assert lost == (edits[1],)


def test_an_index_that_a_person_chose_since_is_left() -> None:
    made, edits, _ = pointed(FILES["an index"], GATE, "pip.conf")
    changed = made.replace(GATE, "https://newer.example/simple/")
    assert undone(changed, edits) == (changed, tuple(edits))


@pytest.mark.parametrize(
    "text",
    [
        "index-url = https://user:word@a.example/\n",
        "[global]\nindex-url = https://user:word@a.example/\n[global]\n",
        "[global]\nindex-url = https://user:word@a.example/\nindex_url = https://b.example/\n",
        "[global]\nindex-url = a\n\n   user:word\n",
        "\ufeff[global]\n",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    with pytest.raises(BadSettings, match=r"pip\.conf") as why:
        pointed(text, GATE, "pip.conf")
    assert "word" not in str(why.value)
