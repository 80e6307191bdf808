"""Project pages and find-links pages in HTML (PEP 503, 592, 658, 714, 792). Bytes in, Listing out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from stockade import limits
from stockade.acquire.index.listing import Listing
from stockade.acquire.index.pages import Reader, check_api, digest_of, is_plain_name, sha256_of, yanked_of
from stockade.errors import IndexUnavailable
from stockade.model.project import Digest, ProjectName


def read_html(
    body: bytes,
    project: ProjectName,
    *,
    index: str,
    page: str,
    of_any: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Listing:
    """The files of `project` on its own page (PEP 503), or on a page `of_any` project's files (find-links).

    Raises IndexUnavailable where it takes longer than limits.PARSE_SECONDS, or speaks another major version.
    """
    parsed = parse_anchors(body, index, clock)
    reader = Reader(project, index, _base(page, parsed.base), of_any=of_any)
    if parsed.version is not None:
        check_api({"api-version": parsed.version}, reader)
    if len(parsed.anchors) >= limits.MAX_LISTED:
        reader.gap("files", f"the page lists more than {limits.MAX_LISTED} files")
    for anchor in parsed.anchors:
        _anchor(anchor, reader)
    if not (reader.files or reader.gaps or parsed.version or parsed.is_listing or of_any):
        raise IndexUnavailable(f"{index} answers for {project} with a web page that lists no files")
    return reader.listing(parsed.status[: limits.MAX_EXCERPT], parsed.reason[: limits.MAX_EXCERPT])


class _Anchors(HTMLParser):
    """The anchors of a page, each as its attributes, and what its meta elements say."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.anchors: list[dict[str, str]] = []
        self.base: str | None = None
        self.version: str | None = None
        self.status = "active"
        self.reason = ""
        self.is_listing = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called by the parser for each element."""
        given = {key: value or "" for key, value in reversed(attrs)}
        if tag == "a" and given.get("href") and len(self.anchors) < limits.MAX_LISTED:
            self.anchors.append(given)
        elif tag == "base" and self.base is None:
            self.base = given.get("href") or None
        elif tag == "meta":
            self._meta(given.get("name", "").lower(), given.get("content", ""))

    def handle_data(self, data: str) -> None:
        """Called by the parser for text: a page without files says at least whose links it would list."""
        if data.lstrip().startswith("Links for "):
            self.is_listing = True

    def _meta(self, name: str, content: str) -> None:
        if name == "pypi:repository-version":
            self.version = content
        elif name == "pypi:project-status":
            self.status = content or "active"
        elif name == "pypi:project-status-reason":
            self.reason = content


def parse_anchors(body: bytes, index: str, clock: Callable[[], float]) -> _Anchors:
    """The anchors of a page; raises IndexUnavailable where that takes too long."""
    parser = _Anchors()
    text = body.decode("utf-8", "replace")
    ends = clock() + limits.PARSE_SECONDS
    step = 1 << 16
    for start in range(0, len(text), step):
        parser.feed(text[start : start + step])
        if clock() > ends:
            raise IndexUnavailable(f"{index} answers with a page that takes too long to read")
    parser.close()
    return parser


def _base(page: str, given: str | None) -> str:
    try:
        return urljoin(page, given) if given else page
    except ValueError:
        return page


def _anchor(given: Mapping[str, str], reader: Reader) -> None:
    try:
        parts = urlsplit(given["href"].strip())
    except ValueError:
        reader.gap(given["href"], "an address on the page is not a URL")
        return
    filename = unquote(parts.path.rpartition("/")[2])
    if not filename:
        return
    if not is_plain_name(filename):
        reader.gap(filename, "its name is not that of a file in a folder")
        return
    metadata = given.get("data-core-metadata", given.get("data-dist-info-metadata"))
    reader.add(
        filename,
        parts._replace(fragment="").geturl(),
        sha256=_fragment_digest(parts.fragment, filename, reader),
        yanked=yanked_of(given.get("data-yanked"), filename, reader),
        requires_python=given.get("data-requires-python"),
        metadata_sha256=_html_metadata(metadata, filename, reader),
        provenance=given.get("data-provenance") or None,
    )


def _fragment_digest(fragment: str, filename: str, reader: Reader) -> Digest | None:
    """The digest in ``#sha256=…``, with other pairs beside it or not."""
    pairs = (part.partition("=") for part in fragment.split("&"))
    hashes = {name: value for name, _, value in pairs if value}
    return sha256_of(hashes, filename, reader)


def _html_metadata(value: str | None, filename: str, reader: Reader) -> str | None:
    if value is None or value == "false":
        return None
    name, _, text = value.partition("=")
    return digest_of(text, filename, reader) if name == "sha256" else ""
