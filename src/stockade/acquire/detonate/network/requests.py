"""Requests of HTTP/1 (RFC 9112), swallowed, written down and answered as if all were well."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field

from stockade import limits
from stockade.acquire.detonate.network.wire import Reader
from stockade.acquire.detonate.network.written import Carried

REQUEST = re.compile(rb"[A-Z]{3,12} \S{1,8192} HTTP/1\.[01]\r?\n|[A-Z]{3,12} [\x21-\x7e]{0,8192}\Z")
#: What is fetched to be run. It gets lines that do nothing, in Python and in shells alike.
_PROGRAM = re.compile(
    r"\.(py|pyw|sh|bash|ps1|bat|cmd|vbs|js|exe|dll|so|bin|elf|msi|jar|zip|whl|gz|tgz|xz|rb|pl|lua|txt)(\?|$)",
    re.IGNORECASE,
)
_INERT = b"# nothing\n"
_AGENTS = re.compile(r"\b(curl|wget|powershell)\b", re.IGNORECASE)
_TELLS_ADDRESS = re.compile(
    r"(^|\.)(api|api4|checkip|icanhazip|ifconfig|ipecho|ipv4|wtfismyip|ident|ip)\.", re.IGNORECASE
)
_ADDRESS = "198.51.100.24"
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@dataclass(slots=True)
class Request:
    """The head of one request."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The target without scheme and host."""
        return re.sub(r"\Ahttps?://[^/?#]*", "", self.target) or "/"

    @property
    def host(self) -> str:
        """Whom it is for, as it says."""
        found = re.match(r"https?://([^/?#:]*)", self.target)
        told = found[1] if found else self.headers.get("host", "")
        return re.sub(r":\d+\Z", "", told).lower()


@dataclass(slots=True)
class Answer:
    body: bytes
    kind: str = "application/json"
    status: str = "200 OK"
    headers: dict[str, str] = field(default_factory=dict)


def parsed(head: bytes) -> Request:
    """A head, read as generously as can be."""
    lines = head.decode("latin-1").splitlines()
    words = (lines[0] if lines else "").split(" ")
    made = Request(words[0], words[1] if len(words) > 1 else "/")
    for line in lines[1:]:
        name, _, value = line.partition(":")
        made.headers.setdefault(name.strip().lower(), value.strip())
    return made


async def head(reader: Reader, carried: Carried) -> bytes:
    """A request's head; empty where the connection ended instead."""
    held = b""
    try:
        held = await reader.line()
        while not held.endswith((b"\n\r\n", b"\n\n")) and len(held) < limits.MAX_NOWHERE_HEAD:
            held += await reader.line()
    finally:
        carried.take(held)
    return held


async def body(reader: Reader, request: Request, carried: Carried) -> None:
    """Swallow a request's body. Chunks (RFC 9112, section 7.1) lose their sizes, so that what they carry stands in one
    piece."""
    if "chunked" not in request.headers.get("transfer-encoding", "").lower():
        await reader.swallow(_number(request.headers.get("content-length", "0"), 10), carried)
        return
    while size := _number((await reader.line()).decode("latin-1").partition(";")[0], 16):
        await reader.swallow(size, carried)
        await reader.line()
    while (await reader.line()).strip():
        pass


def _number(text: str, base: int) -> int:
    """A length; 0 where it is none."""
    try:
        return max(0, int(text.strip(), base))
    except ValueError:
        return 0


def plausible(request: Request, host: str) -> Answer:
    """What pleases whoever asks."""
    if request.method in {"GET", "HEAD"} and _PROGRAM.search(request.path):
        return Answer(_INERT, "text/plain")
    if _TELLS_ADDRESS.search(host + ".") and "json" not in request.target:
        return Answer(_ADDRESS.encode() + b"\n", "text/plain")
    told = {
        "ok": True,
        "status": "ok",
        "success": True,
        "code": 0,
        "ip": _ADDRESS,
        "country": "DE",
        "id": "1",
        "token": "",
        "message": "ok",
        "result": {"message_id": 1, "id": 1},
        "data": {"server": "store1", "id": "1"},
    }
    if request.method == "GET" and _AGENTS.search(request.headers.get("user-agent", "")):
        return Answer(_INERT, "text/plain")
    return Answer(json.dumps(told).encode())


def written(answer: Answer, request: Request) -> bytes:
    """An answer as it goes out."""
    fields = {
        "Server": "nginx",
        "Content-Type": answer.kind,
        "Content-Length": str(len(answer.body)),
        "Connection": "keep-alive",
        **answer.headers,
    }
    told = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    made = f"HTTP/1.1 {answer.status}\r\n{told}\r\n".encode("latin-1")
    return made if request.method == "HEAD" else made + answer.body


def upgrade(request: Request) -> bytes:
    """What is answered to who asks for a WebSocket (RFC 6455); b"" to everybody else."""
    key = request.headers.get("sec-websocket-key", "").encode("latin-1")
    if not key or request.headers.get("upgrade", "").lower() != "websocket":
        return b""
    proof = base64.b64encode(hashlib.sha1(key + _GUID).digest())  # noqa: S324 - the protocol's
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + proof
        + b"\r\n\r\n"
    )


async def frames(reader: Reader, carried: Carried) -> None:
    """What comes over a WebSocket, unmasked."""
    while True:
        first = await reader.exactly(2)
        size = first[1] & 0x7F
        if size >= 126:
            size = int.from_bytes(await reader.exactly(2 if size == 126 else 8), "big")
        keys = await reader.exactly(4) if first[1] & 0x80 else bytes(4)
        while size:
            piece = min(size, limits.NOWHERE_CHUNK)
            carried.take(_unmasked(await reader.exactly(piece), keys))
            size -= piece


def _unmasked(data: bytes, keys: bytes) -> bytes:
    size = len(data)
    key = int.from_bytes((keys * (size // 4 + 1))[:size], "big")
    return (int.from_bytes(data, "big") ^ key).to_bytes(size, "big")
