"""Functions of the standard library that hide or shape constants, evaluated by us under bounds.

`FUNCTIONS` maps a resolved target to (function, step); `METHODS` maps (type, method name) likewise. The
step is what reports call it when it hides something, "" for plain shaping.
"""

from __future__ import annotations

import ast
import base64
import binascii
import bz2
import codecs
import html
import inspect
import json
import lzma
import re
import struct
import textwrap
import zlib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote, unquote_plus, unquote_to_bytes

from stockade import limits
from stockade.analyse.bytecode.decompile import code_text
from stockade.analyse.code import ops
from stockade.analyse.code.facts import Constant
from stockade.analyse.code.ops import MAX_ELEMENTS, Unfoldable

Fold = Callable[..., Constant]
#: Longest literal handed to json or the literal parser.
_MAX_PARSED = 1 << 18
#: Bits of the numbers of a modular power, which takes time in their third power.
_MAX_POWER = 4096
_LINEAR = re.compile(r"(?:[^\\\[\](){}*+?|^$]|\\[\\wWdDsS.#*+?|^$()\[\]{}nt]|\[[^\[\]\\]{1,100}\]){1,40}\+?")


def _inflate(data: bytes, wbits: int = 15, bufsize: int = 0) -> bytes:
    return _drained(zlib.decompressobj(wbits), data)


def _gunzip(data: bytes) -> bytes:
    return _drained(zlib.decompressobj(31), data)


def _bunzip(data: bytes) -> bytes:
    return _drained(bz2.BZ2Decompressor(), data)


def _unxz(data: bytes) -> bytes:
    return _drained(lzma.LZMADecompressor(memlimit=128 * limits.MIB), data)


def _drained(engine: Any, data: bytes) -> bytes:
    try:
        made: bytes = engine.decompress(data, limits.MAX_FOLDED + 1)
    except (zlib.error, lzma.LZMAError):
        raise Unfoldable from None
    if len(made) > limits.MAX_FOLDED or not engine.eof:
        raise Unfoldable
    return made


_CODECS: Mapping[str, tuple[Callable[[Any], Constant], str]] = {
    "rot13": (lambda text: codecs.decode(text, "rot13"), "rot13"),
    "hex": (binascii.unhexlify, "hex"),
    "base64": (binascii.a2b_base64, "base64"),
    "zlib": (_inflate, "zlib"),
    "zip": (_inflate, "zlib"),
    "bz2": (_bunzip, "bz2"),
    "uu": (lambda data: codecs.decode(data, "uu"), "uu"),
}
_TEXT_CODEC_NAMES = (
    "utf8 utf7 utf16 utf16le utf16be utf32 utf32le utf32be utf8sig ascii usascii latin1 latin iso88591 l1 cp1252"
    " windows1252 cp437 unicodeescape rawunicodeescape cp1251 koi8r cp850 iso885915"
)
_TEXT_CODECS = frozenset(_TEXT_CODEC_NAMES.split())


def _codec(name: str) -> str:
    flat = name.lower().replace("-", "").replace("_", "").replace(" ", "")
    return flat.removesuffix("codec")


def _decode(data: Any, encoding: str = "utf-8", errors: str = "strict") -> Constant:
    name = _codec(encoding)
    if name in _CODECS:
        if isinstance(data, str) and name != "rot13":
            data = data.encode("ascii")
        return _CODECS[name][0](data)
    if name not in _TEXT_CODECS:
        raise Unfoldable
    if isinstance(data, str):
        data = data.encode("latin-1") if name.endswith("escape") else data
    return codecs.decode(data, encoding, errors)


def _encode(data: Any, encoding: str = "utf-8", errors: str = "strict") -> Constant:
    name = _codec(encoding)
    if name == "rot13":
        return codecs.encode(data, "rot13")
    if name in {"hex", "base64", "zlib"}:
        return codecs.encode(data, name)
    if name not in _TEXT_CODECS:
        raise Unfoldable
    return codecs.encode(data, encoding, errors)


def _codec_step(args: tuple[Any, ...], named: Mapping[str, Any]) -> str:
    encoding = args[1] if len(args) > 1 else named.get("encoding", "")
    name = _codec(encoding) if isinstance(encoding, str) else ""
    if name in _CODECS:
        return _CODECS[name][1]
    return "escape" if name.endswith("escape") else ""


def _b64decode(s: Any, altchars: Any = None, validate: bool = False) -> bytes:
    return base64.b64decode(s, altchars, validate)


def _str(*args: Any) -> str:
    if len(args) == 1 and isinstance(args[0], (list, tuple, dict)) and len(args[0]) > 4096:
        raise Unfoldable
    return str(*args)


def _bytes(*args: Any) -> bytes:
    if args and isinstance(args[0], int) and args[0] > limits.MAX_FOLDED:
        raise Unfoldable
    return bytes(*args)


def _bytearray(*args: Any) -> bytearray:
    return bytearray(_bytes(*args))


def _range(*args: int) -> list[int]:
    made = range(*args)
    if len(made) > MAX_ELEMENTS:
        raise Unfoldable
    return list(made)


def _json(text: Any) -> Constant:
    if len(text) > _MAX_PARSED:
        raise Unfoldable
    return json.loads(text)


def _literal(text: Any) -> Constant:
    if not isinstance(text, str) or len(text) > _MAX_PARSED:
        raise Unfoldable
    return ast.literal_eval(text)


def _sum(numbers: Any, start: Any = 0) -> Constant:
    if not isinstance(start, (int, float)) or not all(isinstance(one, (int, float)) for one in numbers):
        raise Unfoldable  # lists would be copied once for each
    return sum(numbers, start)


def _int(*args: Any, base: int = 10) -> int:
    return int(*args) if base == 10 else int(args[0], base)


def _pow(base: Any, exponent: Any, modulus: Any = None) -> Constant:
    if modulus is None:
        return ops.binary(ast.Pow, base, exponent)
    if any(number.bit_length() > _MAX_POWER for number in (base, exponent, modulus)):
        raise Unfoldable
    return pow(base, exponent, modulus)


def _dedent(text: Any) -> str:
    if len(text) > _MAX_PARSED:
        raise Unfoldable
    return textwrap.dedent(text)


def _cleandoc(text: Any) -> str:
    if len(text) > _MAX_PARSED:
        raise Unfoldable
    return inspect.cleandoc(text)


def _pattern(pattern: Any, text: Any) -> re.Pattern[Any]:
    """A pattern that takes linear time on any text: single characters and sets, at the end one repetition."""
    if not isinstance(pattern, str) or not isinstance(text, str) or not _LINEAR.fullmatch(pattern):
        raise Unfoldable
    return re.compile(pattern)


def _resub(pattern: Any, new: Any, text: Any) -> str:
    if not isinstance(new, str) or "\\" in new or len(text) * (len(new) + 1) > limits.MAX_FOLDED:
        raise Unfoldable
    return str(_pattern(pattern, text).sub(new, text))


def _refindall(pattern: Any, text: Any) -> list[Any]:
    if len(text) > MAX_ELEMENTS:
        raise Unfoldable
    return _pattern(pattern, text).findall(text)


def _pack(form: Any, *values: Any) -> bytes:
    if struct.calcsize(form) > limits.MAX_FOLDED:
        raise Unfoldable
    return struct.pack(form, *values)


def _unpack(form: Any, data: Any) -> tuple[Any, ...]:
    if struct.calcsize(form) != len(data) or len(data) > MAX_ELEMENTS:
        raise Unfoldable
    return struct.unpack(form, data)


def _inflate_any(data: bytes) -> bytes:
    """With whichever header there is: the object was made with one in mind that is not known here."""
    for wbits in (47, -15):
        try:
            return _inflate(data, wbits)
        except Unfoldable:
            continue
    raise Unfoldable


def _decoded_pair(data: Any, errors: str = "strict", *, encoding: str) -> tuple[Constant, int]:
    return _decode(data, encoding, errors), len(data)


def _encoded_pair(data: Any, errors: str = "strict", *, encoding: str) -> tuple[Constant, int]:
    return _encode(data, encoding, errors), len(data)


def _path_join(*parts: str) -> str:
    joined = ""
    for part in parts:
        joined = part if part.startswith("/") or not joined else f"{joined.rstrip('/')}/{part}"
    return joined


def _listed(act: Callable[..., Any]) -> Fold:
    def fold(*args: Any) -> list[Any]:
        return list(act(*args))

    return fold


def _reversed(sequence: Any) -> Constant:
    return list(reversed(sequence))


def _unmarshal(data: Any) -> str:
    """marshal data of code as the text that the code was, so that whoever executes it shows what runs."""
    found = code_text(bytes(data))
    if found is None:
        raise Unfoldable
    return found.text


FUNCTIONS: dict[str, tuple[Fold, str]] = {
    "base64.b64decode": (_b64decode, "base64"),
    "base64.standard_b64decode": (base64.standard_b64decode, "base64"),
    "base64.urlsafe_b64decode": (base64.urlsafe_b64decode, "base64"),
    "base64.decodebytes": (base64.decodebytes, "base64"),
    "base64.decodestring": (base64.decodebytes, "base64"),
    "base64.b32decode": (base64.b32decode, "base32"),
    "base64.b32hexdecode": (base64.b32hexdecode, "base32"),
    "base64.b16decode": (base64.b16decode, "base16"),
    "base64.a85decode": (base64.a85decode, "base85"),
    "base64.b85decode": (base64.b85decode, "base85"),
    "base64.b64encode": (base64.b64encode, ""),
    "base64.standard_b64encode": (base64.standard_b64encode, ""),
    "base64.urlsafe_b64encode": (base64.urlsafe_b64encode, ""),
    "base64.b32encode": (base64.b32encode, ""),
    "base64.b16encode": (base64.b16encode, ""),
    "base64.b85encode": (base64.b85encode, ""),
    "base64.encodebytes": (base64.encodebytes, ""),
    "binascii.a2b_base64": (binascii.a2b_base64, "base64"),
    "binascii.unhexlify": (binascii.unhexlify, "hex"),
    "binascii.a2b_hex": (binascii.a2b_hex, "hex"),
    "binascii.a2b_uu": (binascii.a2b_uu, "uu"),
    "binascii.hexlify": (binascii.hexlify, ""),
    "binascii.b2a_hex": (binascii.hexlify, ""),
    "binascii.b2a_base64": (binascii.b2a_base64, ""),
    "zlib.decompress": (_inflate, "zlib"),
    "gzip.decompress": (_gunzip, "gzip"),
    "bz2.decompress": (_bunzip, "bz2"),
    "lzma.decompress": (_unxz, "lzma"),
    "marshal.loads": (_unmarshal, "marshal"),
    "codecs.decode": (_decode, "?"),
    "codecs.encode": (_encode, "?"),
    "bytes.fromhex": (bytes.fromhex, "hex"),
    "bytearray.fromhex": (bytearray.fromhex, "hex"),
    "str.maketrans": (str.maketrans, ""),
    "bytes.maketrans": (bytes.maketrans, ""),
    "urllib.parse.unquote": (unquote, "percent"),
    "urllib.parse.unquote_plus": (unquote_plus, "percent"),
    "urllib.parse.unquote_to_bytes": (unquote_to_bytes, "percent"),
    "urllib.parse.quote": (quote, ""),
    "html.unescape": (html.unescape, "html"),
    "json.loads": (_json, ""),
    "ast.literal_eval": (_literal, ""),
    "os.path.join": (_path_join, ""),
    "os.path.expanduser": (lambda path: path, ""),
    "os.fsencode": (lambda path: path.encode(), ""),
    "os.fspath": (lambda path: path, ""),
    "shutil.which": (lambda name: name, ""),
    "operator.xor": (lambda left, right: ops.binary(ast.BitXor, left, right), "xor"),
    "operator.add": (lambda left, right: ops.binary(ast.Add, left, right), ""),
    "operator.concat": (lambda left, right: ops.binary(ast.Add, left, right), ""),
    "operator.getitem": (ops.item, ""),
    "operator.sub": (lambda left, right: ops.binary(ast.Sub, left, right), ""),
    "operator.mod": (lambda left, right: ops.binary(ast.Mod, left, right), ""),
    "textwrap.dedent": (_dedent, ""),
    "inspect.cleandoc": (_cleandoc, ""),
    "re.sub": (_resub, "replace"),
    "re.findall": (_refindall, ""),
    "struct.pack": (_pack, ""),
    "struct.unpack": (_unpack, ""),
    "io.BytesIO": (lambda data=b"": bytes(data), ""),
    "io.StringIO": (lambda text="": str(text), ""),
    "zlib.decompressobj.decompress": (_inflate_any, "zlib"),
    "bz2.BZ2Decompressor.decompress": (_bunzip, "bz2"),
    "lzma.LZMADecompressor.decompress": (_unxz, "lzma"),
    "codecs.getdecoder:": (_decoded_pair, "?"),
    "codecs.getencoder:": (_encoded_pair, "?"),
    "binascii.a2b_qp": (binascii.a2b_qp, "quopri"),
    "quopri.decodestring": (lambda data: binascii.a2b_qp(data), "quopri"),
    "chr": (chr, "chr"),
    "unichr": (chr, "chr"),
    "unicode": (_str, ""),
    "long": (_int, ""),
    "xrange": (_range, ""),
    "divmod": (divmod, ""),
    "pow": (_pow, ""),
    "slice": (slice, ""),
    "frozenset": (set, ""),
    "ord": (ord, ""),
    "str": (_str, ""),
    "bytes": (_bytes, ""),
    "bytearray": (_bytearray, ""),
    "memoryview": (bytes, ""),
    "int": (_int, ""),
    "int.from_bytes": (int.from_bytes, ""),
    "float": (float, ""),
    "bool": (bool, ""),
    "len": (len, ""),
    "hex": (hex, ""),
    "oct": (oct, ""),
    "bin": (bin, ""),
    "abs": (abs, ""),
    "sum": (_sum, ""),
    "min": (min, ""),
    "max": (max, ""),
    "round": (round, ""),
    "repr": (_str, ""),
    "list": (list, ""),
    "tuple": (tuple, ""),
    "dict": (dict, ""),
    "set": (set, ""),
    "sorted": (sorted, ""),
    "reversed": (_reversed, "reverse"),
    "range": (_range, ""),
    "zip": (_listed(zip), ""),
    "enumerate": (_listed(enumerate), ""),
    "iter": (lambda sequence: sequence, ""),
}


def call(target: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Constant, str]:
    """The result of a known function on constants, and the step that it undid; raises Unfoldable."""
    found = FUNCTIONS.get(target)
    if found is None:
        raise Unfoldable
    act, step = found
    if target == "repr":
        act = repr
    try:
        made = act(*args, **named)
    except ops.FAILURES:
        raise Unfoldable from None
    if step == "?":
        step = _codec_step(args, named)
    return ops.sized(made), step
