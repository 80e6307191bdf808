"""The ledger of environments: what was where, from when to when, whoever writes and whatever ends them."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from stockade.model.environment import Origin
from stockade.model.sighting import Alert, Changes, CommandRun, Moved, SightingKind
from stockade.remember.durable.store import Durable
from tests.support.environments import ROOT, inventory, release
from tests.support.records import NOW, delivery

HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Durable]:
    with Durable(tmp_path / "gate-1.sqlite3", note=print) as made:
        yield made


def test_the_first_audit_of_an_environment_finds_all_new(store: Durable) -> None:
    changes = store.remember_inventory("ada", inventory("flask==3.0", "click==8.1"), NOW)
    assert changes == Changes(added=(release("click==8.1"), release("flask==3.0")))
    (known,) = store.environments("ada")
    assert (known.root, known.kind, known.python) == (ROOT, "virtualenv", "3.11.7")
    assert (known.first, known.last, known.gone) == (NOW, NOW, None)
    assert store.environments("bob") == ()


def test_changes_since_the_last_time(store: Durable) -> None:
    store.remember_inventory("ada", inventory("flask==3.0", "click==8.1", "six==1.16"), NOW)
    now = inventory("flask==3.1", "click==8.1", "evil==1")
    wanted = Changes(
        since=NOW,
        added=(release("evil==1"),),
        removed=(release("six==1.16"),),
        moved=(Moved(project=release("flask==3").name, before="3.0", after="3.1"),),
    )
    assert store.changes("ada", now) == wanted
    assert store.changes("bob", now).since is None
    assert store.remember_inventory("ada", now, NOW + HOUR) == wanted
    assert not store.changes("ada", now) and store.changes("ada", now).since == NOW + HOUR
    stays = {str(one.release): (one.first, one.last, one.gone) for one in store.stays("ada", ROOT)}
    assert stays == {
        "flask==3.0": (NOW, NOW, NOW + HOUR),
        "click==8.1": (NOW, NOW + HOUR, None),
        "six==1.16": (NOW, NOW, NOW + HOUR),
        "flask==3.1": (NOW + HOUR, NOW + HOUR, None),
        "evil==1": (NOW + HOUR, NOW + HOUR, None),
    }


def test_what_comes_back_stays_a_second_time(store: Durable) -> None:
    for number, held in enumerate([("six==1",), (), ("six==1",)]):
        store.remember_inventory("ada", inventory(*held), NOW + number * HOUR)
    first, second = store.stays("ada", ROOT)
    assert (first.first, first.gone) == (NOW, NOW + HOUR)
    assert (second.first, second.gone) == (NOW + 2 * HOUR, None)
    keys = {one.key for one in store.sightings([release("six==1")])[release("six==1")]}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("gap", "hidden"),
    [
        (f"{ROOT}/lib/python3.11/site-packages cannot be read: Permission denied", True),
        (f"{ROOT}/lib/python3.11/site-packages: too many files", True),
        (f"{ROOT} cannot be read.", True),
        (f"{ROOT}/lib/python3.11/site-packages/six-1.dist-info/RECORD cannot be read", False),
        (f"{ROOT}/lib/python3.11/site-packages/other cannot be read", False),
        (f"{ROOT}/lib/python3.11/site-packages-2 cannot be read", False),
        ("/usr/lib cannot be read", False),
    ],
)
def test_what_a_gap_may_hide_is_not_taken_to_be_gone(store: Durable, gap: str, hidden: bool) -> None:
    store.remember_inventory("ada", inventory("six==1"), NOW)
    unread = inventory(gaps=(gap,))
    assert bool(store.changes("ada", unread)) is not hidden
    assert bool(store.remember_inventory("ada", unread, NOW + HOUR)) is not hidden
    (one,) = store.stays("ada", ROOT)
    assert (one.gone is None) is hidden


def test_an_environment_that_is_gone_takes_its_packages_with_it(store: Durable) -> None:
    store.remember_inventory("ada", inventory("six==1"), NOW)
    assert store.remember_gone("ada", ROOT, NOW + HOUR)
    assert not store.remember_gone("ada", ROOT, NOW + 2 * HOUR)
    assert not store.remember_gone("ada", "/nowhere", NOW)
    (known,) = store.environments("ada")
    (stay,) = store.stays("ada", ROOT)
    assert (known.gone, stay.gone, stay.last) == (NOW + HOUR, NOW + HOUR, NOW)
    store.remember_inventory("ada", inventory("six==1"), NOW + 3 * HOUR)
    (known,) = store.environments("ada")
    assert known.gone is None and len(store.stays("ada", ROOT)) == 2


def test_the_last_accepted_baseline_counts(store: Durable) -> None:
    assert store.baseline("ada", ROOT) is None
    store.accept("ada", inventory("six==1"), NOW, "as set up")
    later = store.accept("ada", inventory("six==1", "click==8"), NOW + HOUR)
    assert store.baseline("ada", ROOT) == later
    assert later.releases == (release("click==8"), release("six==1"))
    store.accept("ada", inventory(), NOW + 2 * HOUR, "emptied")
    found = store.baseline("ada", ROOT)
    assert found is not None and (found.releases, found.reason) == ((), "emptied")
    assert store.baseline("bob", ROOT) is None
    assert store.stays("ada", ROOT), "what is accepted is written down"


def test_looking_back_finds_environments_and_deliveries(store: Durable) -> None:
    store.ran(CommandRun(at=NOW, run="r1", machine="ci", command="pip install demo", folder="/build")).result(
        10
    )
    for number in (1, 2):
        assert store.delivered(delivery(number, client="10.0.0.7")).result(10)
    store.remember_inventory("ada", inventory("demo==1.0", at=NOW - HOUR), NOW)
    store.remember_inventory("bob", inventory("demo==1.0", "six==1"), NOW)
    demo = release("demo==1.0")
    found = store.sightings([demo, release("six==9")])
    assert set(found) == {demo}
    here, there, given = found[demo]
    assert (here.machine, here.place, here.by, here.at) == ("ada", ROOT, "pip", NOW - HOUR)
    assert (there.machine, there.at, there.kind) == ("bob", None, SightingKind.ENVIRONMENT)
    assert (given.kind, given.place, given.machine) == (SightingKind.DELIVERY, "10.0.0.7", "ci")
    assert (given.command, given.folder, given.at) == ("pip install demo", "/build", NOW)
    assert [one.machine for one in store.sightings([demo], "bob")[demo]] == ["bob", "ci"]
    assert store.releases("ada") == {demo} and store.releases() == {demo, release("six==1")}


def test_texts_are_kept_escaped_and_without_logins(store: Durable) -> None:
    origin = Origin(url="https://ada:secret@git.example/x\x1b[2J")
    nasty = inventory("six==1\x1b[2J\udcff", origin=origin)
    assert store.remember_inventory("ada", nasty, NOW)
    assert not store.remember_inventory("ada", nasty, NOW + HOUR), "it is the same the second time"
    (one,) = store.stays("ada", ROOT)
    assert one.release.version == r"1\x1b[2J\udcff" and one.origin == r"https://git.example/x\x1b[2J"


def test_what_is_too_long_for_an_index_is_kept_apart_by_a_digest(store: Durable) -> None:
    noise = "".join(hashlib.sha256(str(number).encode()).hexdigest() + "/ü" for number in range(60))
    root = f"/{noise}"
    for end in ("a", "b"):
        held = inventory(f"{'x' * 3000}{end}==1.{'9' * 3000}", root=root + end)
        assert store.remember_inventory("m" * 999, held, NOW)
        assert not store.remember_inventory("m" * 999, held, NOW + HOUR), "it is found again"
        (one,) = store.stays("m" * 999, root + end)
        assert len(store.sightings([one.release])[one.release]) == 1
        assert store.releases("m" * 999) >= {one.release}
        about = [f"installed:{noise}{end}"]
        alert = Alert(key=end, at=NOW, title="t", document="{}")
        assert store.raise_alert(about, lambda _, one=alert: one, [])  # type: ignore[misc]
        assert store.raise_alert(about, lambda _, one=alert: one, []) is None  # type: ignore[misc]
    assert len(store.environments("m" * 999)) == 2 and len(store.releases()) == 2


def test_two_audits_at_once_write_each_thing_once(tmp_path: Path) -> None:
    path = tmp_path / "gate-1.sqlite3"
    with Durable(path, note=print) as left, Durable(path, note=print) as right, ThreadPoolExecutor(4) as pool:
        for round_ in range(10):
            held = inventory(*(f"p{number}=={round_}" for number in range(40)))
            asked = [
                pool.submit(store.remember_inventory, "ada", held, NOW + round_ * HOUR)
                for store in (left, right, left, right)
            ]
            assert sum(bool(one.result()) for one in asked) == 1
        present = [one for one in left.stays("ada", ROOT) if one.gone is None]
        assert len(present) == 40 and len(left.stays("ada", ROOT)) == 400


_AUDITS = """
import sys
from datetime import timedelta
from pathlib import Path
from stockade.remember.durable.store import Durable
from tests.support.environments import inventory
from tests.support.records import NOW
store = Durable(Path(sys.argv[1]), note=print)
for number in range(int(sys.argv[2]), 10**9):
    held = inventory(*(f"p{each}=={number}" for each in range(100)))
    store.remember_inventory("ada", held, NOW + timedelta(seconds=number))
    print(number, flush=True)
"""


def test_killed_at_any_point_an_audit_stands_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "gate-1.sqlite3"
    begin = 0
    for again in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", _AUDITS, str(path), str(begin)], stdout=subprocess.PIPE
        )
        assert child.stdout
        last = [int(child.stdout.readline()) for _ in range(3 + again)][-1]
        child.send_signal(signal.SIGKILL)
        rest = child.communicate()[0].split()
        last = int(rest[-1]) if rest else last
        with Durable(path, note=print) as store:
            stays = store.stays("ada", ROOT)
            versions = {one.release.version for one in stays if one.gone is None}
            # What was said to stand does; the one after it may.
            (version,) = versions
            assert int(version) in {last, last + 1}
            assert sum(one.gone is None for one in stays) == 100 and len(stays) % 100 == 0
            begin = int(version) + 1
