"""Reaching somebody outside: only services of the test's own, in a network of the test's own."""

from __future__ import annotations

import socket

from tests.jail.escapees import Escape, Held
from tests.jail.escapees.facts import Facts

_SECONDS = 0.7


def _talk(family: int, address: object) -> str:
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.settimeout(_SECONDS)
        one.connect(address)  # type: ignore[arg-type]
        one.sendall(b"escaped\n")
        said = one.recv(200).decode()
    if not said:
        raise Held("nobody answered")
    return said


def loopback_service(facts: Facts) -> str:
    return _talk(socket.AF_INET, ("127.0.0.1", facts.port))


def metadata_service(facts: Facts) -> str:
    return _talk(socket.AF_INET, (facts.metadata, 80))


def host_resolver(facts: Facts) -> str:
    query = b"\x13\x37\x01\x00\x00\x01\0\0\0\0\0\0\x06stolen\x07invalid\0\0\x01\0\x01"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(_SECONDS)
        one.sendto(query, (facts.resolver, 53))
        return one.recv(512)[12:].decode("latin-1")


def abstract_socket(facts: Facts) -> str:
    return _talk(socket.AF_UNIX, b"\0" + facts.abstract.encode())


def ssh_agent(facts: Facts) -> str:
    return _talk(socket.AF_UNIX, facts.sockets["ssh"])


def gpg_agent(facts: Facts) -> str:
    return _talk(socket.AF_UNIX, facts.sockets["gpg"])


def docker(facts: Facts) -> str:
    return _talk(socket.AF_UNIX, facts.sockets["docker"])


def session_bus(facts: Facts) -> str:
    return _talk(socket.AF_UNIX, facts.sockets["bus"])


def hypervisor_socket(facts: Facts) -> str:
    socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close()
    return "made"


def packet_socket(facts: Facts) -> str:
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
    return "made"


ESCAPES: dict[str, Escape] = {
    one.__name__: one
    for one in (
        *(loopback_service, metadata_service, host_resolver, abstract_socket),
        *(ssh_agent, gpg_agent, docker, session_bus, hypervisor_socket, packet_socket),
    )
}
