"""uv's configuration pointed at a gate, and back, with every other byte as it was."""

from __future__ import annotations

import tomllib

import pytest

from stockade.act.gate.edits import undone
from stockade.act.gate.uv_file import pointed
from stockade.errors import BadSettings

GATE = "http://127.0.0.1:8642/simple/"

FILES = {
    "none": "",
    "no index": 'offline = false # yes\n\n[pip]\nindex-url = "https://old.example/simple/"\n',
    "old index": 'index-url = "https://old.example/simple/"\n',
    "another default": "native-tls = true\n\n# ours\n# all of it\n"
    '[[index]]\nurl = "https://a.example/"\ndefault = true\n',
    "named ones": '[[index]]\nname = "a"\nurl = "https://a.example/"\nexplicit = true\n\n[pip]\nno-deps = true\n',
    "no end": "offline = false",
    "other line ends": "offline = false\r\n",
    "quoted": '[["index"]]\nurl = "https://a.example/"\n',
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_pointed_and_back(text: str) -> None:
    made, edits = pointed(text, GATE, "uv.toml")
    found, before = tomllib.loads(made), tomllib.loads(text)
    assert found["index"][0] == {"url": GATE, "default": True}
    assert found["index"][1:] == before.get("index", [])
    assert {**found, "index": 0} == {**before, "index": 0}
    assert undone(made, edits) == (text, ())
    assert pointed(made, GATE, "uv.toml") == (made, [])


def test_a_comment_stays_with_its_index() -> None:
    made, _ = pointed(FILES["another default"], GATE, "uv.toml")
    assert '# ours\n# all of it\n[[index]]\nurl = "https://a.example/"' in made


def test_other_lines_that_were_changed_since_stay() -> None:
    made, edits = pointed(FILES["named ones"], GATE, "uv.toml")
    assert (
        undone("offline = true\n" + made + "# end", edits)[0]
        == "offline = true\n" + FILES["named ones"] + "# end"
    )


@pytest.mark.parametrize(
    "text",
    [
        'index = [{ url = "https://user:word@a.example/" }]\n',
        "index-url = word\n",
        'index = "https://user:word@a.example/"\n',
        'a = """\n[[index]]\n"""\n',
        "a = " + "[" * 100_000,
    ],
)
def test_what_is_left_alone(text: str) -> None:
    with pytest.raises(BadSettings, match=r"uv\.toml") as why:
        pointed(text, GATE, "uv.toml")
    assert "word" not in str(why.value)
