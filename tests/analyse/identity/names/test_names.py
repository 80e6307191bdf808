"""Every way of confusing a reader, each with an honest twin that must stay out of it."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.acquire.reference import popular
from stockade.acquire.reference_file import mapped, shipped_names
from stockade.analyse.identity.names import Names, normal, valid
from stockade.analyse.identity.names.build import written
from stockade.analyse.identity.names.confusables import folded
from stockade.errors import BadReference

TABLE = Names(mapped(shipped_names()))
_FAMOUS = """
    requests requests-oauthlib types-requests python-dateutil pytest-cov azure-core boto grequests pyaml pyyaml sklearn
    bs4 opencv-python-headless psycopg psycopg2 psycopg2-binary aiohttp asyncpg django-filter urllib3 httplib2 httpx h2
"""
_HONEST = """
    django-parrot-cages pytest-weatherboard flask-parrots azure-parrot aws-parrot-inventory types-weatherboard
    openai-meeting-minutes sphinxcontrib-parrot requests-weatherboard parrot snapshot-photo time-check-server xyz a
    django-toolkit my-little-parrot google-parrot-cloud zzz-top
"""


def first(name: str) -> tuple[str, tuple[str, ...]]:
    found = TABLE.about(name).lookalikes
    return (found[0].target, found[0].mechanisms) if found else ("", ())


@pytest.mark.parametrize(
    ("name", "target", "mechanism"),
    [
        ("reqeusts", "requests", "transposition"),
        ("requestss", "requests", "repetition"),
        ("scikitt-learn", "scikit-learn", "repetition"),
        ("requsts", "requests", "omission"),
        ("pandaz", "pandas", "keyboard"),
        ("jeilyfish", "jellyfish", "lookalike-letter"),
        ("djanga", "django", "vowel"),
        ("requxsts", "requests", "substitution"),
        ("tensorflowe", "tensorflow", "keyboard"),
        ("matplotxlib", "matplotlib", "addition"),
        ("flasks", "flask", "plural"),
        ("django-filters", "django-filter", "plural"),
        ("urllib4", "urllib3", "numeral"),
        ("kafka-python2", "kafka-python", "numeral"),
        ("crxptogrzphy", "cryptography", "two-edits"),
        ("setup-tools", "setuptools", "delimiter"),
        ("pythondateutil", "python-dateutil", "delimiter"),
        ("python-kafka", "kafka-python", "word-order"),
        ("pythonkafka", "kafka-python", "word-order"),
        ("libhtml5", "html5lib", "word-order"),
        ("colourama", "colorama", "sound"),
        ("flask-sqlalchemi", "flask-sqlalchemy", "sound"),
        ("python-cryptography-package", "cryptography", "affix"),
        ("email-validators", "email-validator", "plural"),
        ("python3-requests", "requests", "affix"),
        ("requests-http", "requests", "affix"),
        ("pytz3-dev", "pytz", "affix"),
        ("numpy-sdk", "numpy", "affix"),
        ("pyrequests", "requests", "affix"),
        ("requestspro", "requests", "combosquat"),
        ("colorama-terminal", "colorama", "combosquat"),
        ("pqcryptography", "cryptography", "combosquat"),
        ("numpy-requests", "requests", "combosquat"),
        ("cv2", "opencv-python", "import-name"),
        ("dateutil", "python-dateutil", "import-name"),
        ("yaml", "pyyaml", "import-name"),
        ("python-mongo", "pymongo", "known-as"),
        ("opencv", "opencv-python", "import-name"),
        ("huggingface-cli", "huggingface-hub", "known-as"),
        ("chatgpt-api", "openai", "known-as"),
        ("timeit", "timeit", "standard-library"),
        ("subprocces", "subprocess", "repetition"),
        ("acloud-client", "aliyun-python-sdk-core", "brand"),
        ("tclients-sdk", "tencentcloud-sdk-python", "brand"),
        ("aws-official-sdk", "boto3", "brand"),
        ("r\u0435quests", "requests", "homoglyph"),
        ("\uff52equests", "requests", "homoglyph"),
        ("requ\u00e9sts", "requests", "homoglyph"),
        ("req\u200buests", "requests", "homoglyph"),
        ("n\u03c5mpy", "numpy", "homoglyph"),
        ("reqe\u0443sts", "requests", "homoglyph"),
    ],
)
def test_a_way_of_confusing_a_reader(name: str, target: str, mechanism: str) -> None:
    found, mechanisms = first(name)
    assert found == target
    assert mechanism in mechanisms


@pytest.mark.parametrize("name", _FAMOUS.split())
def test_a_well_known_name_is_accused_of_nothing(name: str) -> None:
    about = TABLE.about(name)
    assert about.known
    assert about.downloads
    assert about.lookalikes == ()


@pytest.mark.parametrize("name", _HONEST.split())
def test_an_honest_name_that_nobody_knows(name: str) -> None:
    about = TABLE.about(name)
    assert not about.known
    assert about.downloads is None
    assert about.lookalikes == ()


def test_the_well_known_do_not_accuse_one_another() -> None:
    accused = [name for name in popular() if TABLE.about(name).lookalikes]
    assert len(accused) <= len(popular()) / 1000


def test_a_known_name_in_strange_letters_is_not_the_known_one() -> None:
    about = TABLE.about("r\u0435quests")
    assert (about.known, about.downloads) == (False, None)
    assert about.lookalikes[0].score > 0.99


def test_names_are_looked_up_as_an_index_does() -> None:
    assert TABLE.about("Flask_SQLAlchemy").known
    assert TABLE.about("flask..sqlalchemy").known
    assert TABLE.about("JEIlyfish").lookalikes[0].target == "jellyfish"


def test_the_likeliest_comes_first_with_its_downloads() -> None:
    found = TABLE.about("beautifulsop4").lookalikes
    assert found[0].target == "beautifulsoup4"
    assert found[0].downloads == popular()[found[0].target]  # type: ignore[index]
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0.5 <= one.score < 1 for one in found)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("reqeusts", "requests"), ("numppy", "numpy"), ("flaskk", "flask"), ("djngo-filtr", "django-filter")],
)
def test_what_was_meant_by_a_name_that_does_not_exist(typed: str, meant: str) -> None:
    found = TABLE.meant(typed)
    assert found is not None
    assert found.target == meant


def test_nothing_was_meant() -> None:
    assert TABLE.meant("quite-unlike-anything-known") is None
    assert TABLE.meant("timeit") is None or TABLE.meant("timeit").downloads is not None  # type: ignore[union-attr]


def test_what_is_said_of_the_list() -> None:
    assert (TABLE.date, TABLE.known, TABLE.fewer) == ("April 2026", 15_000, 57_500)
    assert TABLE.rank("boto3") == 1
    assert TABLE.rank("no-such") is None
    assert TABLE.downloads("boto3") == popular()["boto3"]  # type: ignore[index]
    assert TABLE.downloads("no-such") is None


_KNOWN = st.sampled_from(list(popular())[:400]).filter(lambda name: len(name.replace("-", "")) > 6)


@given(_KNOWN, st.randoms(use_true_random=False))
def test_any_swap_in_a_long_famous_name_is_found(name: str, chance: random.Random) -> None:
    places = [at for at in range(1, len(name) - 1) if name[at].isalpha() and name[at + 1].isalpha()]
    at = chance.choice(places)
    typed = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if typed == name or TABLE.about(typed).known:
        return
    assert name in [one.target for one in TABLE.about(typed).lookalikes]


@given(_KNOWN, st.randoms(use_true_random=False))
def test_any_doubled_letter_in_a_long_famous_name_is_found(name: str, chance: random.Random) -> None:
    at = chance.choice([at for at, char in enumerate(name) if char.isalpha()])
    typed = name[:at] + name[at] + name[at:]
    if TABLE.about(typed).known:
        return
    assert name in [one.target for one in TABLE.about(typed).lookalikes]


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    about = TABLE.about(text)
    assert all(one.target != text for one in about.lookalikes if one.downloads is not None)
    assert len(about.lookalikes) <= 8
    name, strange = normal(text)
    assert name.isascii()
    assert strange is not text.isascii()
    assert isinstance(valid(text), str)


@given(st.text(alphabet=string.ascii_lowercase + string.digits + "-", max_size=300))
def test_the_answer_is_the_same_each_time(text: str) -> None:
    assert TABLE.about(text) == TABLE.about(text)


@pytest.mark.parametrize("text", ["a" * 10_000_000, "-" * 5_000_000, "\u0435" * 3_000_000, "a-" * 2_000_000])
def test_a_giant_name_is_nobody(text: str) -> None:
    assert TABLE.about(text).lookalikes == ()


def test_a_known_name_under_a_flood_of_nothing_is_told_in_short() -> None:
    about = TABLE.about("\u200brequests" + "\u200b" * 1_000_000)
    assert about.lookalikes[0].target == "requests"
    assert len(about.name) <= 255


def test_characters_are_folded_as_they_are_read() -> None:
    assert folded("\uff24\u0458\u0430ng\u043e") == "django"
    assert folded("nu\u0301mpy") == "numpy"
    assert folded("a\u2010b\u200dc") == "a-bc"
    assert folded("\u65e5\u672c") == "\u65e5\u672c"


class TestTheFile:
    """What is written is read, and nothing else is."""

    COUNTS = {"requests": 1_000_000, "parrot-cage": 5_000, "numpy": 900_000}  # noqa: RUF012

    def data(self) -> bytes:
        return written(self.COUNTS, "May 2030")

    def test_round_trip(self) -> None:
        table = Names(memoryview(self.data()))
        assert (table.date, table.known, table.fewer) == ("May 2030", 3, 5_000)
        assert table.about("numpy").downloads == 900_000
        assert table.about("reqeusts").lookalikes[0].target == "requests"

    def test_the_same_whatever_order(self) -> None:
        assert written(dict(reversed(self.COUNTS.items())), "May 2030") == self.data()

    def test_no_names_at_all(self) -> None:
        table = Names(memoryview(written({}, "never")))
        assert table.fewer == 0
        assert table.about("requests").lookalikes == ()

    @pytest.mark.parametrize("cut", [0, 7, 40, 200, -1])
    def test_a_part_is_refused(self, cut: int) -> None:
        with pytest.raises(BadReference):
            Names(memoryview(self.data()[:cut]))

    def test_a_changed_byte_is_refused(self) -> None:
        data = bytearray(self.data())
        data[-20] ^= 1
        with pytest.raises(BadReference, match="checksum"):
            Names(memoryview(bytes(data)))

    def test_another_version_is_refused(self) -> None:
        data = bytearray(self.data())
        data[8] += 1
        with pytest.raises(BadReference, match="another version"):
            Names(memoryview(bytes(data)))
