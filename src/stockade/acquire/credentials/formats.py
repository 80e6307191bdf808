"""The forms that credentials are kept in, read as plain data: mappings, lists and texts.

Every reader takes the bytes of a file that anybody may have written, at most limits.MAX_CREDENTIAL_FILE of them, and
raises Unreadable, with one sentence that quotes nothing of it.
"""

from __future__ import annotations

import base64
import configparser
import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

#: What a file is read as.
Data = object


class Unreadable(Exception):
    """Not what its name says; the message says why, and quotes nothing."""


def text_of(data: bytes) -> str:
    """As text; what is no UTF-8 is kept as it is."""
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def ini(data: bytes) -> Data:
    """Sections of options, as configparser reads them: the last of two wins, nothing is interpolated."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True, default_section="\0")
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(text_of(data))
    except configparser.Error as why:
        raise Unreadable(f"it is no INI file ({type(why).__name__})") from None
    return {name: {key: value or "" for key, value in parser.items(name)} for name in parser.sections()}


def sectionless(data: bytes) -> Data:
    """``key = value`` lines (properties, .npmrc), without sections; ``#``, ``;`` and ``!`` begin comments."""
    found: dict[str, str] = {}
    for line in text_of(data).splitlines():
        stripped = line.strip()
        if stripped and stripped[0] not in "#;![":
            name, equals, value = stripped.partition("=")
            if not equals:
                name, _, value = stripped.partition(":")
            found[name.strip()] = unquoted(value)
    return found


def dotenv(data: bytes) -> Data:
    """``[export] NAME=value`` lines."""
    found: dict[str, str] = {}
    for line in text_of(data).splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and name.strip().isidentifier():
            found[name.strip()] = unquoted(value)
    return found


def unquoted(value: str) -> str:
    """A value without the quotes around it, or the comment behind it."""
    value = value.strip()
    if len(value) > 1 and value[0] in "\"'" and value[0] in value[1:]:
        return value[1 : value.index(value[0], 1)]
    return value.split(" #")[0].strip()


def json_document(data: bytes) -> Data:
    """JSON, of which comments and trailing commas are not forgiven."""
    try:
        found: object = json.loads(text_of(data))
    except (ValueError, RecursionError):
        raise Unreadable("it is no JSON") from None
    return found


def toml(data: bytes) -> Data:
    """TOML."""
    try:
        return tomllib.loads(text_of(data))
    except (ValueError, RecursionError):
        raise Unreadable("it is no TOML") from None


def yaml(data: bytes) -> Data:
    """YAML, every scalar as text; needs PyYAML, which is an extra."""
    try:
        import yaml as pyyaml  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        raise Unreadable("reading YAML needs PyYAML: pip install 'stockade[yaml]'") from None
    loader = getattr(pyyaml, "CBaseLoader", pyyaml.BaseLoader)
    try:
        # A few lines with anchors can stand for more than a machine holds.
        if b"&" in data and any(getattr(one, "anchor", None) for one in pyyaml.parse(data, Loader=loader)):
            raise Unreadable("it has anchors, which are not followed")
        found: object = pyyaml.load(data, Loader=loader)  # noqa: S506 (it makes texts, lists and mappings alone)
    except (pyyaml.YAMLError, UnicodeError, RecursionError, ValueError):
        raise Unreadable("it is no YAML") from None
    return found


def xml(data: bytes) -> Data:
    """XML as nested mappings: a tag's children by their tags, its attributes as ``@name``, its text as ``#``."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Unreadable("it declares entities, which are not followed")
    try:
        root = ET.fromstring(data)  # noqa: S314 (declarations were refused above)
    except (ET.ParseError, ValueError, RecursionError):
        raise Unreadable("it is no XML") from None
    return {_tag(root): [_element(root, 0)]}


def _tag(one: ET.Element) -> str:
    return str(one.tag).rpartition("}")[2]


def _element(one: ET.Element, depth: int) -> dict[str, object]:
    if depth > _DEEPEST:
        raise Unreadable("it is nested too deep")
    found: dict[str, object] = {f"@{name}": value for name, value in one.attrib.items()}
    found["#"] = (one.text or "").strip()
    for child in one:
        several = found.setdefault(_tag(child), [])
        if isinstance(several, list):
            several.append(_element(child, depth + 1))
    return found


def lines(data: bytes) -> Data:
    """A list of the lines that are not empty and no comments."""
    return [line for line in map(str.strip, text_of(data).splitlines()) if line and line[0] not in "#;"]


def whole(data: bytes) -> Data:
    """The file is the secret."""
    return text_of(data).strip()


_DEEPEST = 64


def at(data: Data, path: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text at `path` with the names on its way there: names joined by dots, ``*`` for any name or number,
    ``*x`` and ``x*`` for names that end or begin so, regardless of case."""
    yield from _at(data, tuple(path.split(".")) if path else (), ())


def _at(data: Data, path: tuple[str, ...], way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if not path:
        if isinstance(data, str) and data:
            yield way, data
        return
    items: Iterator[tuple[str, object]]
    if isinstance(data, Mapping):
        items = ((str(name), value) for name, value in data.items())
    elif isinstance(data, list):
        items = ((str(number), value) for number, value in enumerate(data))
    else:
        return
    for name, value in items:
        if _fits(name.lower(), path[0].lower()):
            yield from _at(value, path[1:], (*way, name))


def _fits(name: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    return name == pattern


def value_at(data: Data, *path: str) -> str:
    """The one text there, or ""."""
    for name in path:
        if isinstance(data, list) and name.isdigit() and int(name) < len(data):
            data = data[int(name)]
        elif isinstance(data, Mapping):
            data = data.get(name)
        else:
            return ""
    return data if isinstance(data, str) else ""


def time_of(value: object) -> datetime | None:
    """An ISO 8601 text, or seconds or milliseconds since 1970; None where it is neither."""
    try:
        if isinstance(value, str) and not value.replace(".", "", 1).isdigit():
            found = datetime.fromisoformat(value.strip().replace("UTC", "+00:00"))
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            seconds = float(value)
            return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def claims(token: str) -> Mapping[str, object]:
    """What a JSON Web Token says of itself (RFC 7519), unverified; empty where it is none."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        body = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def login(url: str) -> tuple[str, str, str] | None:
    """User, password and host of a URL that carries a password; None where it carries none."""
    try:
        parts = urlsplit(url.strip())
        if not parts.password and not (parts.username and len(parts.username) >= _TOKEN_LIKE):
            return None
        return (
            unquote(parts.username or ""),
            unquote(parts.password or parts.username or ""),
            parts.hostname or "",
        )
    except ValueError:
        return None


#: Some hosts take a token where others take a user.
_TOKEN_LIKE = 20
