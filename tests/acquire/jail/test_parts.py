"""Parts of a jail that are plain enough to be looked at alone."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.jail import bubblewrap, paths
from stockade.acquire.jail.crowd import Crowd
from stockade.acquire.jail.own import children
from stockade.acquire.jail.plan import Ceilings, Kind, Mount
from stockade.acquire.jail.spliced import spliced
from stockade.acquire.jail.walls import Channel, Raised, channel, listen
from stockade.confine.landlock import Right
from stockade.errors import JailFailed
from tests.support.jails import plan, shown, writable


def test_what_lies_beside_a_smaller_right_is_named_and_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b/c", "b/d"):
        (tmp_path / name).mkdir(parents=True)
    found = dict(paths.openings([writable(tmp_path), shown(tmp_path / "b/c")]))
    assert {path: right for path, right in found.items() if path.startswith(str(tmp_path))} == {
        f"{tmp_path}/a": Right.WRITE,
        f"{tmp_path}/b/d": Right.WRITE,
        f"{tmp_path}/b/c": Right.READ,
    }
    assert not [path for path in found if path in {"/proc", "/dev", "/"}]
    monkeypatch.setattr(limits, "JAIL_NEIGHBOURS", 1)
    with pytest.raises(JailFailed, match="too much lies beside it"):
        list(paths.openings([writable(tmp_path), shown(tmp_path / "b/c")]))


def test_what_lies_beside_something_in_no_folder_is_nothing(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert str(gone) not in dict(paths.openings([writable(gone), shown(gone / "inner")]))


def test_bubblewrap_is_not_looked_for_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bwrap").write_text("#!/bin/sh\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setattr(bubblewrap, "FOLDERS", ())
    assert bubblewrap.find({"PATH": str(tmp_path)}) is None
    assert bubblewrap.find({"STOCKADE_BWRAP": "/x/bwrap"}) == "/x/bwrap"
    monkeypatch.setattr(bubblewrap, "FOLDERS", ("/nowhere", str(tmp_path)))
    assert bubblewrap.find({}) == f"{tmp_path}/bwrap"


def test_bubblewrap_gets_sizes_only_where_it_knows_them(tmp_path: Path) -> None:
    around = plan(Mount(kind=Kind.EMPTY, target=Path("/tmp")), ceilings=Ceilings(scratch=5))
    (tmp_path / "new").write_bytes(b"--perms\0--size\0")
    new = bubblewrap.arguments(str(tmp_path / "new"), around, ("true",), descriptors={}, network=True)
    old = bubblewrap.arguments(str(tmp_path / "old"), around, ("true",), descriptors={}, network=False)
    assert (
        new[new.index("--tmpfs") - 2 :][:4] == ["--size", "5", "--tmpfs", "/tmp"] and "--unshare-net" in new
    )
    assert "--size" not in old and "--unshare-net" not in old


def test_bubblewrap_hides_a_folder_by_an_empty_one_and_a_file_by_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    hidden = [Mount(kind=Kind.HIDDEN, target=tmp_path / name) for name in ("folder", "file", "gone")]
    words = bubblewrap.arguments("bwrap", plan(*hidden), ("true",), descriptors={"--x": 9}, network=False)
    said = " ".join(words)
    assert f"--tmpfs {tmp_path}/folder --remount-ro {tmp_path}/folder" in said
    assert f"--ro-bind /dev/null {tmp_path}/file" in said and "gone" not in said and "--x 9" in said
    assert words[-2:] == ["--", "true"]


def test_signals_of_a_terminal_are_restored_by_a_program_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    def words() -> list[str]:
        return bubblewrap.arguments(
            "bwrap", plan(), ("true",), descriptors={}, network=False, restored=["INT"]
        )

    monkeypatch.setattr(bubblewrap, "_ENV", "/nowhere")
    assert words()[-2:] == ["--", "true"]
    monkeypatch.setattr(bubblewrap, "_ENV", __file__)  # default-signal
    assert words()[-4:] == ["--", __file__, "--default-signal=INT", "true"]


def test_news_of_the_other_side() -> None:
    ours, theirs = channel()
    raised = Raised()
    raised.up("files", "network")
    raised.down("files", "why")
    raised.down("files", "another")
    with ours, theirs:
        inner = Channel(theirs)
        with socket.socket() as one:
            inner.sockets([one])
        inner.walls(raised)
        inner.ready()
        news = listen(ours, 1)
        for one in news.sockets:
            one.close()
        assert (len(news.sockets), news.ready, news.failed, news.pid) == (1, True, "", os.getpid())
        assert [(wall.name, wall.why) for wall in news.raised.walls()] == [("files", "why"), ("network", "")]
        inner.failed("no" * 40000)
        assert listen(ours, 0).failed.startswith("nono")
        theirs.close()
        assert not listen(ours, 0).ready


def test_a_crowd_without_a_group_is_bounded_by_the_other_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stockade.acquire.jail.crowd._group", lambda: None)
    with subprocess.Popen(["sleep", "60"]) as one:
        try:
            monkeypatch.setattr(os, "geteuid", lambda: 0)
            assert "exempts root" in Crowd(one.pid, 5).why
            monkeypatch.setattr(os, "geteuid", lambda: 1000)
            crowd = Crowd(one.pid, 5)
            assert crowd.why == ""
            crowd.close()
            limits_of = Path(f"/proc/{one.pid}/limits").read_text().splitlines()
            assert next(line for line in limits_of if line.startswith("Max processes")).split()[2:4] == [
                "5",
                "5",
            ]
        finally:
            one.kill()
    assert "refused" in Crowd(one.pid, 5).why


def test_a_crowds_group_is_looked_for_where_processes_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stockade.acquire.jail import crowd

    (tmp_path / "user").mkdir()
    (tmp_path / "user/cgroup.subtree_control").write_text("cpu pids\n")
    monkeypatch.setattr(crowd, "_ROOT", tmp_path)

    def told(text: str) -> object:
        monkeypatch.setattr(
            Path, "read_text", lambda self, **_: text if "self/cgroup" in str(self) else real(self)
        )
        try:
            return crowd._group()
        finally:
            monkeypatch.setattr(Path, "read_text", real)

    real = Path.read_text
    found = told("0::/user/one\n")
    assert isinstance(found, Path) and found.parent == tmp_path / "user"
    found = told("9:pids:/a\n0::/user/one\n")
    assert isinstance(found, Path) and found.parent == tmp_path / "pids/a"
    assert told("0::/other/one\n") is None
    assert told("3:cpu:/\n") is None


def test_children_are_told_while_there_are_any() -> None:
    with subprocess.Popen(["sleep", "60"]) as one:
        assert one.pid in children(os.getpid())
        one.kill()
    assert one.pid not in children(os.getpid())
    assert children(1 << 22) == []


def test_two_ends_are_joined_and_an_end_of_one_is_one_of_the_other() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as outside,
        socket.create_server(("127.0.0.1", 0)) as inside,
        spliced(inside, outside.getsockname()),
        socket.create_connection(inside.getsockname(), timeout=20) as client,
    ):
        client.sendall(b"question")
        client.shutdown(socket.SHUT_WR)
        with outside.accept()[0] as server:
            assert server.makefile("rb").read() == b"question"
            server.sendall(b"answer")
        assert client.makefile("rb").read() == b"answer"


def test_who_connects_to_nobody_is_let_go() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = taken.getsockname()
    with (
        socket.create_server(("127.0.0.1", 0)) as inside,
        spliced(inside, nobody),
        socket.create_connection(inside.getsockname(), timeout=20) as client,
    ):
        assert client.recv(1) == b""
