#!/usr/bin/env python3
"""Measures feeds of advisories of real size, against the budgets in docs/benchmarks.md, and prints a table.

    python bench/feed.py [--records 250000] [--runs 5]

The feed is made from the records in tests/fixtures/advisories (2,661 real ones of PyPA's database, with texts of the
usual length put back) and from the releases in src/stockade/data/malicious-releases.csv.gz: one record in twelve is a
vulnerability, as in OSV's folder in 2026; repeated ones are about projects of other names. It is served by a loopback
double of OSV's folder, in a process of its own. Each sync runs in a fresh process, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import multiprocessing
import os
import random
import re
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from speed import machine

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.feed_server import FeedServer  # noqa: E402

from stockade.acquire.index.settings import IndexSettings  # noqa: E402
from stockade.acquire.index.transport import Transport  # noqa: E402
from stockade.act.feeding import Syncing  # noqa: E402
from stockade.decide.advisories import matches  # noqa: E402
from stockade.model.advisory import Feed, FeedKind  # noqa: E402
from stockade.model.project import Release, project_name  # noqa: E402
from stockade.remember.feeds import Feeds, path_of  # noqa: E402

NOW = datetime(2026, 11, 24, tzinfo=UTC)
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
#: The mean length of `details` and of `references` in PyPA's records, and of the first in OpenSSF's.
DETAILS, REFERENCES, MALICIOUS_DETAILS = 460, 375, 900
SHARE = 12


def weak() -> list[dict[str, object]]:
    """The real vulnerabilities."""
    with gzip.open(ROOT / "tests/fixtures/advisories/pysec-2026.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def bad() -> list[tuple[str, str]]:
    """The real malicious releases: (project, version)."""
    with gzip.open(ROOT / "src/stockade/data/malicious-releases.csv.gz", "rt", encoding="utf-8") as file:
        rows = [(one["project"], one["version"]) for one in csv.DictReader(file)]
    return [one for one in rows if NAME.fullmatch(one[0])]


def records(count: int) -> Iterator[tuple[str, bytes]]:
    """(id, record), `count` of them; the later rounds are about projects of other names."""
    vulnerable, malicious = weak(), bad()
    for number in range(count):
        round_, place = divmod(number // SHARE, len(vulnerable))
        if number % SHARE == 0:
            one = dict(vulnerable[place])
            if round_:
                one["id"] = f"{one['id']}-{round_}"
                affected = [dict(each) for each in one["affected"]]  # type: ignore[attr-defined]
                for each in affected:
                    each["package"] = each["package"] | {"name": f"{each['package']['name']}-{round_}"}
                one["affected"] = affected
            one["details"] = "A flaw lets a request read what it should not. " * (DETAILS // 47)
            one["references"] = [{"type": "WEB", "url": f"https://{'x' * (REFERENCES - 60)}.example/"}]
        else:
            name, version = malicious[number % len(malicious)]
            name += "" if number < len(malicious) else f"-{number // len(malicious)}"
            one = {
                "id": f"MAL-2026-{number}",
                "modified": f"{NOW - timedelta(minutes=4 * (count - number)):%Y-%m-%dT%H:%M:%SZ}",
                "published": "2024-07-26T16:53:30Z",
                "schema_version": "1.7.4",
                "summary": f"Malicious code in {name} (PyPI)",
                "details": "Installing the package sends what it should not. " * (MALICIOUS_DETAILS // 49),
                "affected": [{"package": {"ecosystem": "PyPI", "name": name}, "versions": [version]}],
                "database_specific": {
                    "malicious-packages-origins": [
                        {"id": f"pypi/campaign-{number % 900}/{name}", "sha256": "0" * 64, "source": "s"}
                    ]
                },
            }
        yield str(one["id"]), json.dumps(one).encode()


def serve(count: int, fresh: int, pipe: multiprocessing.connection.Connection) -> None:
    """The double of OSV's folder, until the pipe closes; at a word it has `fresh` changed records more."""
    packed, rows, last = io.BytesIO(), [], []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for key, data in records(count):
            archive.writestr(f"{key}.json", data)
            rows.append((json.loads(data)["modified"], key))
            last = [*last[-fresh + 1 :], data]
    with FeedServer() as server:
        server.files["/eco/all.zip"] = packed.getvalue()
        rows.sort(reverse=True)
        server.files["/eco/modified_id.csv"] = "".join(f"{when},{key}\n" for when, key in rows).encode()
        pipe.send((server.url, len(packed.getvalue())))
        pipe.recv()
        when = "2026-11-25T00:00:00Z"
        for data in last:
            one = json.loads(data) | {"modified": when}
            server.files[f"/eco/{one['id']}.json"] = json.dumps(one).encode()
            server.files["/eco/modified_id.csv"] = (
                f"{when},{one['id']}\n".encode() + server.files["/eco/modified_id.csv"]
            )
        pipe.send(None)
        pipe.recv()


def sync(url: str, folder: Path, days: int, pipe: multiprocessing.connection.Connection) -> None:
    """One sync in a process of its own: seconds, processor seconds, peak memory in MB, what came, records."""
    with Transport(IndexSettings(installer="pip", sources=())) as transport:
        syncing = Syncing(folder=folder, transport=transport, now=NOW + timedelta(days=days), home=folder)
        began, used = time.perf_counter(), time.process_time()
        came = syncing.sync(Feed(name="osv", kind=FeedKind.OSV, url=url))
        spent = time.perf_counter() - began, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send((*spent, peak, came.came, came.state.records, came.whole))


def apart(work: Callable[..., None], *words: object) -> tuple[float, float, float, int, int, bool]:
    """What `work` sends, run in a fresh interpreter."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(*words, theirs))
    process.start()
    found: tuple[float, float, float, int, int, bool] = ours.recv()
    process.join()
    return found


def looked_up(folder: Path, runs: int) -> tuple[float, float, float, int, int]:
    """Opening, matching a thousand packages the first time and then, in milliseconds; advisories, matches.

    Half of the packages are projects that something is known of, at versions that their records list, or near; the
    others are unknown.
    """
    chance = random.Random(1)
    known = {one["affected"][0]["package"]["name"]: one for one in weak()}  # type: ignore[index]
    wanted = []
    for name in chance.sample(sorted(known), 500):
        versions = known[name]["affected"][0].get("versions") or ["1.0"]  # type: ignore[index]
        wanted.append(
            Release(name=project_name(name), version=chance.choice([*versions[-5:], "999", "1.2.3"]))
        )
    wanted += [Release(name=project_name(f"unheard-of-{number}"), version="1.0") for number in range(500)]
    opening, first, again = [], [], []
    for _ in range(runs):
        began = time.perf_counter()
        with Feeds(folder, note=print) as book:
            states = book.states()
            opened = time.perf_counter()
            found = matches(wanted, book)
            done = time.perf_counter()
            matches(wanted, book)
            again.append(time.perf_counter() - done)
        opening.append(opened - began)
        first.append(done - opened)
    return 1000 * median(opening), 1000 * first[0], 1000 * median(again), states[0].advisories, len(found)


def main() -> None:
    """Make, serve, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=250_000)
    parser.add_argument("--changed", type=int, default=200, help="records of an increment")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {machine()}")
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(given.records, given.changed, theirs))
    server.start()
    url, size = ours.recv()
    # One core for the sync; the double has another where there is one.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory(prefix="feed-") as place:
        folder = Path(place) / "feeds"
        print(f"archive of {given.records:,} records: {size / 1e6:.0f} MB")
        seconds, used, peak, _, count, whole = apart(sync, url, folder, 0)
        assert whole
        print(
            f"full sync            {seconds:6.2f} s  ({used:.2f} s processor)  {peak:5.0f} MB peak  {count:,} records"
        )
        print(f"copy on disk         {path_of(folder, 'osv').stat().st_size / 1e6:6.0f} MB")
        seconds, used, peak, came, _, whole = apart(sync, url, folder, 1)
        print(
            f"nothing changed      {seconds:6.2f} s  ({used:.2f} s processor)  {peak:5.0f} MB peak  {came} records"
        )
        ours.send(None)
        ours.recv()
        seconds, used, peak, came, _, whole = apart(sync, url, folder, 2)
        print(
            f"increment            {seconds:6.2f} s  ({used:.2f} s processor)  {peak:5.0f} MB peak  {came} records"
        )
        opening, first, again, advisories, found = looked_up(folder, given.runs)
        print(f"opening              {opening:6.1f} ms")
        print(f"1,000 packages       {first:6.1f} ms the first time, {again:.1f} ms again; {found} matches")
        print(f"advisories           {advisories:,}")
    ours.send(None)
    server.join()


if __name__ == "__main__":
    main()
