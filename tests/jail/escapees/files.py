"""Reading, and changing, what lies outside."""

from __future__ import annotations

import ctypes
import os
import stat
import subprocess
import threading
from pathlib import Path

from tests.jail.escapees import Escape, Held, call
from tests.jail.escapees.facts import Facts

_O_PATH_ROUNDS = 3000
_OPEN_BY_HANDLE_AT = 304


def _credentials(facts: Facts) -> str:
    return f"{facts.home}/.aws/credentials"


def read_credentials(facts: Facts) -> str:
    return Path(_credentials(facts)).read_text()


def list_home(facts: Facts) -> str:
    return " ".join(os.listdir(facts.home))


def tell_that_a_file_exists(facts: Facts) -> str:
    return f"{os.stat(_credentials(facts)).st_size} bytes"


def read_hidden_file(facts: Facts) -> str:
    return Path(facts.hidden).read_text()


def move_hidden_file(facts: Facts) -> str:
    moved = Path(facts.project, "moved")
    try:
        os.rename(facts.hidden, moved)
        return moved.read_text()
    except OSError:
        # Its folder, then, and out of whatever was laid over it.
        os.rename(Path(facts.hidden).parent, moved)
        return (moved / Path(facts.hidden).name).read_text()


def write_bashrc(facts: Facts) -> str:
    with open(f"{facts.home}/.bashrc", "a") as opened:
        opened.write("# escaped\n")
    return "appended"


def truncate_history(facts: Facts) -> str:
    os.truncate(f"{facts.home}/.history", 0)
    return "emptied"


def change_mode(facts: Facts) -> str:
    os.chmod(f"{facts.home}/.ssh/config", 0o666)
    return "changed"


def poison_what_is_read(facts: Facts) -> str:
    Path(facts.readable, "escaped.pth").write_text("# inert\n")
    return "written"


def replace_what_is_read(facts: Facts) -> str:
    os.rename(facts.readable, f"{facts.readable}.old")
    return "moved away"


def hard_link(facts: Facts) -> str:
    link = Path(facts.project, "link")
    os.link(_credentials(facts), link)
    return link.read_text()


def symlink(facts: Facts) -> str:
    link = Path(facts.project, "symlink")
    link.symlink_to(_credentials(facts))
    return link.read_text()


def link_beside_hidden(facts: Facts) -> str:
    """Run in a jail that hides a file of the project, so that what lies beside it may have to be named one by one."""
    return Path(facts.project, "beside", ".aws", "credentials").read_text()


def link_that_is_read(facts: Facts) -> str:
    """Run in a jail that shows a name in the project read-only, which an earlier run made a link to the home."""
    return Path(facts.project, "beside", ".aws", "credentials").read_text()


def symlink_race(facts: Facts) -> str:
    """A name that is now a harmless file, now a link to a secret, read as fast as it changes."""
    project = Path(facts.project)
    (project / "plain").write_text("nothing")
    (project / "to-secret").symlink_to(_credentials(facts))
    over = threading.Event()

    def change() -> None:
        for number in range(_O_PATH_ROUNDS):
            os.link(
                project / ("plain" if number % 2 else "to-secret"), project / "new", follow_symlinks=False
            )
            os.rename(project / "new", project / "raced")
            # Where both are one inode rename leaves the new name behind.
            (project / "new").unlink(missing_ok=True)
        over.set()

    changing = threading.Thread(target=change)
    changing.start()
    refusals = 0
    try:
        while not over.is_set():
            try:
                text = (project / "raced").read_text()
            except OSError:
                refusals += 1
            else:
                if text != "nothing":
                    return text
    finally:
        changing.join()
    raise Held(f"{refusals} refusals")


def project_becomes_a_link(facts: Facts) -> str:
    """Run in a jail whose writable folder was, by an earlier run, made a link to the home."""
    return (Path(facts.project) / "cache" / ".aws" / "credentials").read_text()


def _root_of(pid: int | str, facts: Facts) -> str:
    return Path(f"/proc/{pid}/root{_credentials(facts)}").read_text()


def root_of_init(facts: Facts) -> str:
    return _root_of(1, facts)


def root_of_another(facts: Facts) -> str:
    return _root_of(facts.canary, facts)


def root_of_parent(facts: Facts) -> str:
    return _root_of(os.getppid(), facts)


def open_by_handle(facts: Facts) -> str:
    kind, text = facts.handle
    held = bytes.fromhex(text)
    handle = ctypes.create_string_buffer(
        len(held).to_bytes(4, "little") + kind.to_bytes(4, "little", signed=True) + held, 8 + len(held)
    )
    mount = os.open(facts.project, os.O_RDONLY)
    opened = call(_OPEN_BY_HANDLE_AT, mount, handle, os.O_RDONLY)
    return os.read(opened, 999).decode()


def make_device(facts: Facts) -> str:
    """/dev/full, as harmless as devices get; the disk's own would be made likewise."""
    made = Path(facts.project, "device")
    os.mknod(made, stat.S_IFCHR | 0o600, os.makedev(1, 7))
    os.close(os.open(made, os.O_RDONLY))
    return "opened"


def setuid_program(facts: Facts) -> str:
    done = subprocess.run([facts.suid, facts.private], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Held(done.stderr.strip())
    return done.stdout


def file_of_another_user(facts: Facts) -> str:
    return Path(facts.private).read_text()


def inherited_descriptor(facts: Facts) -> str:
    return os.pread(facts.descriptor, 999, 0).decode()


ESCAPES: dict[str, Escape] = {
    one.__name__: one
    for one in (
        *(read_credentials, list_home, tell_that_a_file_exists, read_hidden_file, move_hidden_file),
        *(write_bashrc, truncate_history, change_mode, poison_what_is_read, replace_what_is_read),
        *(hard_link, symlink, symlink_race, link_beside_hidden, link_that_is_read, project_becomes_a_link),
        *(root_of_init, root_of_another, root_of_parent, open_by_handle, make_device),
        *(setuid_program, file_of_another_user, inherited_descriptor),
    )
}
