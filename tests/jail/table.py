"""What each escapee meets: one table, which the tests hold the jail to and docs/walls.md is written from.

It says what is so, not what should be: where something gets out, it says that it does, and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

_MIB = 1 << 20


class Setting(StrEnum):
    """A mechanism, and the kernel that it finds."""

    BUBBLEWRAP = "bubblewrap"
    LANDLOCK = "Landlock 7"  #: with namespaces
    DEBIAN = "Landlock 2"  #: with namespaces: a stock Debian 12
    ALONE = "Landlock 7 alone"  #: namespaces are forbidden
    OLD = "Landlock 2 alone"  #: namespaces are forbidden

    @property
    def mechanism(self) -> str:
        return "bubblewrap" if self is Setting.BUBBLEWRAP else "landlock"

    @property
    def abi(self) -> int:
        """The newest Landlock that is to be spoken; 0 for any."""
        return 2 if self in {Setting.DEBIAN, Setting.OLD} else 0

    @property
    def namespaces(self) -> bool:
        return self not in {Setting.ALONE, Setting.OLD}


@dataclass(frozen=True, slots=True)
class Leak:
    """It gets out, and why."""

    why: str


#: The wall that holds it, by name, or that none does.
Met = str | Leak

Who = Literal["root", "user"]
_BOTH: tuple[Who, ...] = ("root", "user")

#: Exit codes of what was killed: outright, and for a system call.
_KILLED, _BAD_CALL = (128 + 9,), (128 + 31,)
#: There is no jail in which to try it.
_NOT_BUILT = (-1,)
#: Those of what got at something, but of the jail's own, where no secret is.
_ANY_OF_ITS_OWN = (0, 3)

#: How it is told that an escapee got out: by the planted secret in what it printed, or by its own word; anything else
#: is what has changed outside.
SECRET, WORD = "secret", "word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One escapee, and what it meets in each setting."""

    name: str
    tries: str
    proof: str
    met: Mapping[Setting, Met]
    root: Mapping[Setting, Met] = field(default_factory=dict)  #: where root meets something else
    who: tuple[Who, ...] = _BOTH  #: those who could do it without any jail
    limit: int = 0
    ceiling: str = ""
    ends: tuple[int, ...] = (3,)  #: the exit codes of one that is held
    linked: bool = False  #: whether project/cache is a link to the home when the jail is built

    def meets(self, setting: Setting, who: Who) -> Met:
        return self.root.get(setting, self.met[setting]) if who == "root" else self.met[setting]


@dataclass(frozen=True, slots=True)
class Group:
    """Trials under one heading."""

    title: str
    trials: tuple[Trial, ...]


def _met(
    bubblewrap: Met,
    landlock: Met,
    debian: Met | None = None,
    alone: Met | None = None,
    old: Met | None = None,
) -> Mapping[Setting, Met]:
    """What is not said is as in the setting that differs least."""
    debian = landlock if debian is None else debian
    alone = landlock if alone is None else alone
    old = old if old is not None else debian if alone == landlock else alone
    return dict(zip(Setting, (bubblewrap, landlock, debian, alone, old), strict=True))


def _files(name: str, tries: str, proof: str = SECRET, met: Mapping[Setting, Met] | None = None) -> Trial:
    return Trial(name=name, tries=tries, proof=proof, met=met or _met("files", "files"))


def _calls(name: str, tries: str, proof: str = WORD, who: tuple[Who, ...] = _BOTH) -> Trial:
    return Trial(name=name, tries=tries, proof=proof, met=_met("system-calls", "system-calls"), who=who)


_NO_STAT = Leak("Landlock does not govern who asks whether a file exists, how large it is and whose")
_NO_CHMOD = Leak(
    "Landlock does not govern modes, owners and times: of files whose path is known, and of one's own"
)
_NO_TRUNCATE = Leak("Landlock governs truncating from ABI 3 on")
_NO_SIGNALS = Leak("Landlock governs signals from ABI 6 on, and there is no namespace of processes")
_NO_IPC = Leak("System V memory is kept apart by a namespace only")
_PER_FILE = Leak("the ceiling is on each file; folders in memory have one as a whole")
_PER_PROCESS = Leak("the ceiling is on each process")
_NOT_SHARED = Leak("the ceiling is on private pages; shared ones are no process's own")

GROUPS = (
    Group(
        "Files",
        (
            _files("read-credentials", "read `~/.aws/credentials`"),
            _files("list-home", "list the home folder", WORD),
            _files(
                "tell-that-a-file-exists",
                "ask whether `~/.aws/credentials` exists",
                WORD,
                _met("files", _NO_STAT),
            ),
            *(
                Trial(name=name, tries=tries, proof=SECRET, met=_met("files", "files"), ends=_ANY_OF_ITS_OWN)
                for name, tries in (
                    ("read-hidden-file", "read a file of the project that the plan hides"),
                    ("move-hidden-file", "move that file, or its folder, to where it may be read"),
                )
            ),
            _files("write-bashrc", "write to `~/.bashrc`", "home/.bashrc"),
            _files(
                "truncate-history",
                "empty a file of the home folder",
                "home/.history",
                _met("files", "files", _NO_TRUNCATE),
            ),
            _files(
                "change-mode",
                "make a file of the home folder writable",
                "home/.ssh/config",
                _met("files", _NO_CHMOD),
            ),
            _files(
                "poison-what-is-read", "put a `.pth` file where others import from", "readable/escaped.pth"
            ),
            _files("replace-what-is-read", "move a folder away that it may only read", "readable"),
            _files("hard-link", "reach a secret by a hard link in the project"),
            _files("symlink", "reach a secret by a symbolic link in the project"),
            _files("symlink-race", "swap a file for a link faster than it can be checked"),
            _files("link-beside-hidden", "reach a secret by a link that lies beside a hidden file"),
            _files("link-that-is-read", "reach a secret by a link that the next jail is to show read-only"),
            Trial(
                name="project-becomes-a-link",
                tries="make a writable folder a link to the home folder before the next jail is built",
                proof=SECRET,
                met=_met("files", "files"),
                ends=_NOT_BUILT,
                linked=True,
            ),
            Trial(
                name="root-of-init",
                tries="reach a secret by `/proc/1/root`",
                proof=SECRET,
                met=_met("files", "files"),
                who=("root",),
            ),
            _files("root-of-another", "reach a secret by `/proc/PID/root`"),
            _files("root-of-parent", "reach a secret by the parent's `/proc/PID/root`"),
            _calls("open-by-handle", "open a secret by its file handle", SECRET, ("root",)),
            Trial(
                name="make-device",
                tries="make and open a device",
                proof=WORD,
                met=_met("privileges", "files"),
                who=("root",),
            ),
            Trial(
                name="inherited-descriptor",
                tries="read a descriptor that was left open",
                proof=SECRET,
                met=_met("descriptors", "descriptors"),
            ),
        ),
    ),
    Group(
        "Privileges",
        (
            Trial(
                name="setuid-program",
                tries="run a setuid program of root's",
                proof=SECRET,
                met=_met("privileges", "privileges"),
                who=("user",),
            ),
            Trial(
                name="file-of-another-user",
                tries="read another user's file by root's privilege",
                proof=SECRET,
                met=_met("privileges", "privileges"),
                who=("root",),
            ),
            _calls("mount", "mount a file system", who=("root",)),
            _calls("bind-mount", "copy a mount by the newer calls", who=("root",)),
            _calls("unshare-user", "become root of a user namespace of its own (`unshare`)"),
            _calls("clone-user", "become root of a user namespace of its own (`clone`)"),
            _calls("clone3-user", "become root of a user namespace of its own (`clone3`)"),
            _calls("join-network", "join the network of a process outside", who=("root",)),
            Trial(
                name="write-sysctl",
                tries="write to `/proc/sys/kernel`",
                proof=WORD,
                met=_met("files", "files"),
                who=("root",),
            ),
            Trial(
                name="write-sysctl-network",
                tries="write to `/proc/sys/net`",
                proof=WORD,
                met=_met("files", "files"),
                who=("root",),
            ),
        ),
    ),
    Group(
        "Network and sockets",
        (
            *(
                Trial(name=name, tries=tries, proof=SECRET, met=_met("network", "network"))
                for name, tries in (
                    ("loopback-service", "connect to a service on the host's loopback"),
                    ("metadata-service", "connect to the cloud's metadata address"),
                    ("host-resolver", "ask the host's resolver for a name"),
                )
            ),
            Trial(
                name="abstract-socket",
                tries="connect to an abstract Unix socket",
                proof=SECRET,
                met=_met("network", "unix-sockets"),
            ),
            *(
                Trial(name=name, tries=tries, proof=SECRET, met=_met("files", "unix-sockets"))
                for name, tries in (
                    ("ssh-agent", "ask the ssh agent"),
                    ("gpg-agent", "ask the gpg agent"),
                    ("docker", "ask docker"),
                    ("session-bus", "ask the session's D-Bus"),
                )
            ),
            _calls("hypervisor-socket", "make a socket to the hypervisor (vsock)"),
            _calls("packet-socket", "make a socket for raw packets", who=("root",)),
        ),
    ),
    Group(
        "Other processes",
        (
            Trial(
                name="environment-variable",
                tries="read a secret in its own environment",
                proof=SECRET,
                met=_met("environment", "environment"),
            ),
            Trial(
                name="environment-of-init",
                tries="read `/proc/1/environ`",
                proof=SECRET,
                met=_met("other-processes", "files"),
                who=("root",),
                ends=_ANY_OF_ITS_OWN,
            ),
            Trial(
                name="environment-of-parent",
                tries="read the environment of its parent",
                proof=SECRET,
                met=_met("other-processes", "files"),
                ends=_ANY_OF_ITS_OWN,
            ),
            *(
                Trial(name=name, tries=tries, proof=SECRET, met=_met("other-processes", "files"))
                for name, tries in (
                    ("environment-of-another", "read the environment of another process"),
                    ("command-line-of-another", "read the command line of another process"),
                    ("memory-of-another", "read the memory of another process by `/proc/PID/mem`"),
                )
            ),
            _calls(
                "memory-of-another-by-call",
                "read the memory of another process by `process_vm_readv`",
                SECRET,
            ),
            _calls("descriptor-of-another", "take a descriptor of another process", SECRET),
            _calls("trace-parent", "trace its parent"),
            _calls("trace-another", "trace another process"),
            *(
                Trial(
                    name=name,
                    tries=tries,
                    proof="signalled",
                    met=_met("signals", "signals", old=_NO_SIGNALS),
                    ends=_ANY_OF_ITS_OWN,
                )
                for name, tries in (
                    ("signal-another", "signal a process outside"),
                    ("signal-by-descriptor", "signal a process outside by a descriptor of it"),
                    ("signal-by-owner", "have the kernel signal a process outside"),
                )
            ),
            Trial(
                name="outlive-the-jail",
                tries="leave a daemon behind",
                proof="outlived",
                met=_met("survivors", "survivors"),
                ends=(0,),
            ),
            Trial(
                name="type-into-terminal",
                tries="type into the terminal that it was started from (`TIOCSTI`)",
                proof="typed",
                met=_met("terminal", "terminal"),
            ),
            _calls("kernel-keyring", "read a key of the kernel's keyring", SECRET),
            Trial(
                name="shared-memory",
                tries="read System V shared memory",
                proof=SECRET,
                met=_met("shared-memory", "shared-memory", alone=_NO_IPC),
            ),
        ),
    ),
    Group(
        "Parts of the kernel that have been ways out",
        (
            _calls("io-uring", "make an `io_uring`"),
            _calls("userfaultfd", "make a `userfaultfd`"),
            _calls("performance-events", "open a performance counter"),
            _calls("bpf", "make a map for BPF", who=("root",)),
            Trial(
                name="foreign-calls",
                tries="make a call by the door of 32-bit programs",
                proof=WORD,
                met=_met("system-calls", "system-calls"),
                ends=_BAD_CALL,
            ),
        ),
    ),
    Group(
        "Ceilings",
        (
            Trial(
                name="fork-bomb",
                tries="start more processes than it may",
                proof=WORD,
                met=_met("processes", "processes"),
                limit=24,
                ceiling="processes",
            ),
            Trial(
                name="large-file",
                tries="write a file that is larger than it may be",
                proof=WORD,
                met=_met("file-size", "file-size"),
                limit=_MIB,
                ceiling="file_size",
            ),
            Trial(
                name="many-files",
                tries="write two files that together are larger than one may be",
                proof=WORD,
                met=_met(_PER_FILE, _PER_FILE),
                limit=_MIB,
                ceiling="file_size",
            ),
            Trial(
                name="memory",
                tries="take more memory than it may",
                proof=WORD,
                met=_met("memory", "memory"),
                limit=192 * _MIB,
                ceiling="memory",
            ),
            Trial(
                name="shared-pages",
                tries="take more memory than it may, as shared pages",
                proof=WORD,
                met=_met(_NOT_SHARED, _NOT_SHARED),
                limit=192 * _MIB,
                ceiling="memory",
            ),
            Trial(
                name="memory-of-many",
                tries="take more memory than it may, in two processes",
                proof=WORD,
                met=_met(_PER_PROCESS, _PER_PROCESS),
                limit=192 * _MIB,
                ceiling="memory",
            ),
            Trial(
                name="processor",
                tries="compute for longer than it may",
                proof=WORD,
                met=_met("cpu", "cpu"),
                limit=1,
                ceiling="cpu",
                ends=_KILLED,
            ),
            Trial(
                name="time-of-the-clock",
                tries="run for longer than it may",
                proof=WORD,
                met=_met("time", "time"),
                limit=1,
                ceiling="seconds",
                ends=_KILLED,
            ),
            Trial(
                name="descriptors",
                tries="open more files than it may",
                proof=WORD,
                met=_met("open-files", "open-files"),
                limit=64,
                ceiling="open_files",
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A jail that lacks `pieces`, all that make up one `wall`: those `trials` get out of it, as `who`."""

    wall: str
    setting: Setting
    pieces: tuple[str, ...]
    trials: tuple[str, ...]
    who: Who = "user"


_AGENTS = ("ssh-agent", "gpg-agent", "docker", "session-bus")
_NETWORK = ("loopback-service", "metadata-service", "host-resolver")
_HOME = (
    "read-credentials",
    "list-home",
    "write-bashrc",
    "truncate-history",
    "hard-link",
    "symlink",
    "symlink-race",
)
_CALLS = (
    *("unshare-user", "clone-user", "clone3-user", "kernel-keyring", "hypervisor-socket"),
    *("io-uring", "userfaultfd", "performance-events", "foreign-calls"),
)
_B, _L, _A = Setting.BUBBLEWRAP, Setting.LANDLOCK, Setting.ALONE


def _both(
    wall: str, pieces: tuple[str, ...], trials: tuple[str, ...], who: Who = "user"
) -> tuple[Mutant, ...]:
    return tuple(Mutant(wall, setting, pieces, trials, who) for setting in (_B, _L))


#: Every wall, left out; for some it takes two pieces, since each holds by itself.
MUTANTS = (
    Mutant("files", _B, ("bwrap's files",), (*_HOME, "change-mode", "poison-what-is-read", *_AGENTS)),
    Mutant("files", _B, ("bwrap's read-only /proc/sys",), ("write-sysctl", "write-sysctl-network"), "root"),
    Mutant("files", _L, ("Landlock's files",), (*_HOME, "poison-what-is-read", "replace-what-is-read")),
    Mutant("files", _A, ("Landlock",), ("environment-of-another", "memory-of-another", "root-of-another")),
    Mutant("files", _L, ("look at links",), ("project-becomes-a-link",)),
    Mutant("files", _A, ("look at links",), ("link-beside-hidden", "link-that-is-read")),
    *_both("network", ("namespace of networks",), _NETWORK),
    Mutant("network", _B, ("namespace of networks",), ("abstract-socket",)),
    Mutant("network", _A, ("filter of system calls",), _NETWORK),
    *_both("system-calls", ("filter of system calls",), _CALLS),
    Mutant(
        "system-calls",
        _A,
        ("filter of system calls", "Landlock"),
        ("trace-another", "trace-parent", "memory-of-another-by-call", "descriptor-of-another"),
    ),
    Mutant("unix-sockets", _L, ("filter of Unix sockets",), _AGENTS),
    Mutant(
        "other-processes",
        _B,
        ("bwrap's namespace of processes",),
        ("command-line-of-another",),
    ),
    Mutant("signals", _B, ("bwrap's namespace of processes",), ("signal-another", "signal-by-descriptor")),
    Mutant(
        "signals", _A, ("Landlock's scope",), ("signal-another", "signal-by-descriptor", "signal-by-owner")
    ),
    Mutant("survivors", _B, ("bwrap's namespace of processes",), ("outlive-the-jail",)),
    Mutant("survivors", _A, ("search for orphans",), ("outlive-the-jail",)),
    Mutant("shared-memory", _B, ("bwrap's namespace of System V",), ("shared-memory",)),
    Mutant("shared-memory", _L, ("namespace of System V",), ("shared-memory",)),
    *_both("terminal", ("session of its own", "filter of system calls"), ("type-into-terminal",)),
    Mutant("privileges", _B, ("bwrap's dropping of privileges",), ("file-of-another-user",), "root"),
    Mutant("privileges", _L, ("dropping of capabilities",), ("file-of-another-user",), "root"),
    Mutant(
        "privileges", _A, ("no new privileges", "Landlock", "filter of system calls"), ("setuid-program",)
    ),
    *_both("descriptors", ("closing of descriptors",), ("inherited-descriptor",)),
    *_both("environment", ("environment",), ("environment-variable",)),
    *_both("processes", ("ceiling on processes",), ("fork-bomb",)),
    *_both("memory", ("ceiling on memory",), ("memory",)),
    *_both("cpu", ("ceiling on processor time",), ("processor",)),
    *_both("open-files", ("ceiling on open files",), ("descriptors",)),
    *_both("file-size", ("ceiling on files",), ("large-file",)),
    *_both("time", ("ceiling on time",), ("time-of-the-clock",)),
)

TRIALS = {trial.name: trial for group in GROUPS for trial in group.trials}


def cases() -> Iterator[tuple[Trial, Setting, Who]]:
    """Every trial in every setting, as everybody who could do it without a jail."""
    for trial in TRIALS.values():
        for setting in Setting:
            for who in trial.who:
                yield trial, setting, who
