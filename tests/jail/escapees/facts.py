"""What an escapee is told: where everything that the test planted lies, and never what is in it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Paths, numbers and addresses outside of the jail, as an attacker would know or guess them."""

    host_network: int  #: the inode of the network namespace that no escapee may stand in
    home: str
    project: str  #: what the jail may write to
    hidden: str  #: a file in the project that the jail is not to see
    readable: str  #: a folder that the jail may only read
    private: str  #: a file in the project that belongs to another user
    suid: str  #: a program of root's in the project, with its setuid bit, that prints a file
    canary: int  #: the pid of a process that waits for signals
    canary_memory: int  #: where in its memory a secret lies
    canary_descriptor: int  #: the descriptor under which it has a file with a secret
    port: int  #: a service on the host's loopback
    metadata: str  #: the address of the cloud's metadata service
    resolver: str  #: the address of the host's resolver
    abstract: str  #: the name of an abstract Unix socket
    sockets: dict[str, str]  #: agents by name: pathname Unix sockets
    descriptor: int  #: one that the launcher's parent left open
    variable: str  #: the name of an environment variable
    key: str  #: the name of a key in the kernel's keyring
    segment: int  #: the key of a segment of System V shared memory
    handle: tuple[int, str]  #: the type and bytes, in hex, of the handle of ~/.aws/credentials
    user: int
    limit: int = 0  #: the ceiling that is to be broken, in its own unit

    def text(self) -> str:
        return json.dumps(asdict(self))


def read(text: str) -> Facts:
    """The facts that a test wrote down."""
    return Facts(**json.loads(text))
