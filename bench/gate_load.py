"""What a gate costs while it serves: the latency of a warm listing at a steady rate, and its memory.

Started by gate.py. Run by itself with ``index``, it is the index behind that gate: two projects' pages and zeros.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from gate_servers import clean, free_port, gate, started

JSON = "application/vnd.pypi.simple.v1+json"
_CHUNK = b"\0" * (1 << 20)
#: Projects of the loopback index, and how many files each lists.
PAGES = {"small": 40, "large": 10_000}
#: Requests a second for pages of megabytes: more of them would measure how fast loopback copies.
LARGE_RATE = 10.0
#: Uploaded long ago, so that no cooldown holds them back.
_LONG_AGO = "2020-01-01T00:00:00Z"


def page(name: str, count: int) -> bytes:
    """A listing with as many wheels, all different."""
    files = [
        {
            "filename": f"{name}-1.{number}-py3-none-any.whl",
            "url": f"/files/{name}-1.{number}-py3-none-any.whl",
            "hashes": {"sha256": hashlib.sha256(f"{name} {number}".encode()).hexdigest()},
            "size": 1000 + number,
            "upload-time": _LONG_AGO,
            "requires-python": ">=3.8",
            "yanked": False,
            "core-metadata": {"sha256": hashlib.sha256(f"{number}".encode()).hexdigest()},
        }
        for number in range(count)
    ]
    return json.dumps({"meta": {"api-version": "1.1"}, "name": name, "files": files}).encode()


def _index(port: int, megabytes: int) -> None:
    """Serve the pages, and a wheel of zeros below ``/files/``, until the process is ended."""
    size = megabytes << 20
    digest = hashlib.sha256()
    for _ in range(megabytes):
        digest.update(_CHUNK)
    entry = {
        "filename": "zeros-1.0.tar.gz",
        "url": "/files/zeros-1.0.tar.gz",
        "size": size,
        "hashes": {"sha256": digest.hexdigest()},
        "upload-time": _LONG_AGO,
        "yanked": False,
    }
    pages = {name: page(name, count) for name, count in PAGES.items()}
    pages["zeros"] = json.dumps({"meta": {"api-version": "1.1"}, "name": "zeros", "files": [entry]}).encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = pages.get(self.path.removeprefix("/simple/").strip("/"))
            if self.path.startswith("/files/zeros-1.0.tar.gz") and not self.path.endswith(".metadata"):
                self.send_response(200)
                self.send_header("Content-Length", str(size))
                self.end_headers()
                for _ in range(megabytes):
                    self.wfile.write(_CHUNK)
                return
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", JSON)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its base names it so)
            pass

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


@contextmanager
def index(folder: Path, megabytes: int) -> Iterator[str]:
    """The loopback index in a process of its own; gives its URL."""
    port = free_port()
    words = [sys.executable, str(Path(__file__)), "index", str(port), str(megabytes)]
    with started(words, clean(), f"http://127.0.0.1:{port}/simple/small/", folder / "index.log"):
        yield f"http://127.0.0.1:{port}/simple/"


async def _asking(
    port: int, path: str, rate: float, seconds: float, clients: int, begin: float, number: int
) -> list[float]:
    """One client with one connection: seconds that each answer took, from when it was due. So an answer that holds up
    the next ones counts for them as well."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
    request = f"GET {path} HTTP/1.1\r\nHost: gate\r\nAccept: {JSON}\r\n\r\n".encode()
    took, due = [], begin + number / rate
    while due < begin + seconds:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"the gate answers {head[:200]!r}")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        took.append(time.perf_counter() - due)
        due += clients / rate
    writer.close()
    return took


def latency(url: str, name: str, rate: float, seconds: float, clients: int = 50) -> list[float]:
    """Seconds that each warm listing took, sorted."""
    port, path = int(url.rpartition(":")[2].partition("/")[0]), f"/simple/{name}/"

    async def all_of_them() -> list[float]:
        await _asking(port, path, 10, 1, 1, time.perf_counter(), 0)  # made once
        begin = time.perf_counter() + 0.2
        found = await asyncio.gather(
            *(_asking(port, path, rate, seconds, clients, begin, one) for one in range(clients))
        )
        return sorted(took for each in found for took in each)

    return asyncio.run(all_of_them())


def _memory(process: int, what: str) -> float:
    """MB of a process, as the kernel tells it: ``VmHWM`` is the most that it ever had."""
    line = next(
        line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith(what)
    )
    return int(line.split()[1]) / 1024


def loads(folder: Path, real: str, rate: float, seconds: float, megabytes: int) -> None:
    """Latency of listings and memory, printed. `real` is a project of the real index, asked for once."""
    with index(folder, megabytes) as behind:
        for name, url in (*((name, behind) for name in PAGES), (real, "")):
            place = folder / f"load-{name}"
            place.mkdir()
            with gate(place, *(["--index-url", url] if url else [])) as (served, process):
                pace = LARGE_RATE if PAGES.get(name, 0) > 1_000 else rate
                took = latency(served, name, pace, seconds)
                at = [took[min(len(took) - 1, int(len(took) * part))] * 1000 for part in (0.5, 0.9, 0.99)]
                print(
                    f"listing of {name:8} {len(took):6} at {pace:g}/s: p50 {at[0]:7.2f}  p90 {at[1]:7.2f}"
                    f"  p99 {at[2]:7.2f}  max {took[-1] * 1000:7.2f} ms;"
                    f" gate at most {_memory(process.pid, 'VmHWM'):.0f} MB"
                )
        _large(folder, behind, megabytes)


def _large(folder: Path, behind: str, megabytes: int) -> None:
    """The gate's memory while it takes in and gives out one large file, and while many ask."""
    place = folder / "large"
    place.mkdir()
    # What cannot be read whole is undetermined; let it out, since this is about serving it.
    (place / "config").mkdir()
    (place / "config" / "stockade.toml").write_text('mode = "monitor"\n')
    with gate(place, "--index-url", behind) as (served, process):
        before = _memory(process.pid, "VmRSS")
        base = served.removesuffix("/simple/")
        listed = subprocess.run(
            ["curl", "-sS", "-H", f"Accept: {JSON}", f"{served}zeros/"], capture_output=True, check=True
        )
        file = f"{base}/{json.loads(listed.stdout)['files'][0]['url'].lstrip('./')}"
        for what in ("fetched, judged and served", "served again"):
            start = time.perf_counter()
            status = "503"
            while status == "503":
                status = subprocess.run(
                    ["curl", "-sS", "-o", str(place / "out"), "-w", "%{http_code}", file],
                    capture_output=True,
                    check=True,
                    text=True,
                ).stdout
            size = (place / "out").stat().st_size
            print(
                f"one file of {megabytes} MB, {what}: {status}, {size >> 20} MB in {time.perf_counter() - start:.1f} s;"
                f" gate {before:.0f} MB before, at most {_memory(process.pid, 'VmHWM'):.0f} MB"
            )
            (place / "out").unlink()
        took = latency(served, "small", 500, 5, clients=200)
        print(
            f"200 clients at once: p50 {took[len(took) // 2] * 1000:.2f},"
            f" p99 {took[int(len(took) * 0.99)] * 1000:.2f} ms;"
            f" gate at most {_memory(process.pid, 'VmHWM'):.0f} MB"
        )
    shutil.rmtree(place)


if __name__ == "__main__" and sys.argv[1:2] == ["index"]:
    _index(int(sys.argv[2]), int(sys.argv[3]))
