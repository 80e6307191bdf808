"""A wheel's metadata without the wheel: its end and one member, by range requests (RFC 9110, 14).

What is read this way is not covered by the wheel's digest. It serves to find out what else would be installed;
what is judged is always the whole file.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from stockade import limits
from stockade.acquire.index.transport import Transport
from stockade.acquire.resolve.ports import Ranges
from stockade.errors import FetchFailed, IndexUnavailable
from stockade.model.project import ArtifactRef

if TYPE_CHECKING:
    import httpx

_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class TransportRanges:
    """Ranges over the transport that everything else goes over too."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def part(self, ref: ArtifactRef, start: int, length: int) -> tuple[bytes, int] | None:
        """As Ranges.part. Any answer but the right part counts as none."""
        if not ref.url.lower().startswith(("http:", "https:")):
            return None
        wanted = f"bytes={start}" if start < 0 else f"bytes={start}-{start + length - 1}"
        headers = {"Range": wanted, "Accept": "*/*", "Accept-Encoding": "identity"}

        def read(response: httpx.Response) -> tuple[bytes, int] | None:
            said = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
            if response.status_code != 206 or not said:
                return None
            first, last, size = (int(one) for one in said.groups())
            if first != (max(0, size + start) if start < 0 else start) or last - first >= length:
                return None
            body = self._transport.read_body(response, length)
            return (body, size) if len(body) == last - first + 1 else None

        try:
            return self._transport.get(ref.url, headers, read)
        except (FetchFailed, IndexUnavailable):
            return None


class NoParts(Exception):
    """The file can only be had whole."""


class RemoteFile(io.RawIOBase):
    """A file on an index as a seekable one, holding what was read of it. Raises NoParts from any read."""

    def __init__(self, ranges: Ranges, ref: ArtifactRef) -> None:
        self._ranges, self._ref = ranges, ref
        self._held: list[tuple[int, bytes]] = []
        self._spent = 0
        tail, self._size = self._ask(-limits.RANGE_TAIL, limits.RANGE_TAIL)
        if ref.size not in {None, self._size}:
            raise NoParts
        self._held.append((self._size - len(tail), tail))
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        end = self._size if size < 0 else min(self._size, self._at + size)
        if end <= self._at:
            return b""
        data = self._bytes(self._at, end)
        self._at = end
        return data

    def _bytes(self, start: int, end: int) -> bytes:
        for first, held in self._held:
            if first <= start and end <= first + len(held):
                return held[start - first : end - first]
        length = max(end - start, limits.RANGE_STEP)
        data, _ = self._ask(start, length)
        if len(data) < end - start:
            raise NoParts
        self._held.append((start, data))
        return data[: end - start]

    def _ask(self, start: int, length: int) -> tuple[bytes, int]:
        self._spent += length
        if self._spent > limits.MAX_RANGES:
            raise NoParts
        found = self._ranges.part(self._ref, start, length)
        if found is None:
            raise NoParts
        return found
