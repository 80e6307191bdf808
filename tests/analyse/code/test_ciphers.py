"""Ciphers are undone as their specifications say, or not at all."""

from __future__ import annotations

import base64
import hmac
import struct

import pytest

from stockade.analyse.code import ciphers
from stockade.analyse.code.ciphers import Cipher, decrypted, fernet, unpadded
from stockade.analyse.code.ops import Unfoldable
from tests.support.code import argument_of

_FIPS = "00112233445566778899aabbccddeeff"
_KEY = bytes(range(32))
_SP_KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
_SP_PLAIN = bytes.fromhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
_SP_START = bytes(range(16))
#: The valid token of Fernet's specification.
_SPEC_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="
_SPEC = "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA=="


@pytest.mark.parametrize(
    ("size", "hidden"),
    [
        (16, "69c4e0d86a7b0430d8cdb78070b4c55a"),
        (24, "dda97ca4864cdfe06eaf70a0ec0d7191"),
        (32, "8ea2b7ca516745bfeafc49904b496089"),
    ],
)
def test_aes_is_that_of_fips_197(size: int, hidden: str) -> None:
    assert decrypted(Cipher("ecb", _KEY[:size]), bytes.fromhex(hidden)).hex() == _FIPS


@pytest.mark.parametrize(
    ("mode", "start", "hidden"),
    [
        ("ecb", b"", "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"),
        ("cbc", _SP_START, "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"),
        (
            "ctr",
            bytes.fromhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"),
            "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff",
        ),
    ],
)
def test_modes_are_those_of_sp_800_38a(mode: str, start: bytes, hidden: str) -> None:
    assert decrypted(Cipher(mode, _SP_KEY, start), bytes.fromhex(hidden)) == _SP_PLAIN


def test_gcm_counts_from_two() -> None:
    # Test case 2 of the mode's specification.
    assert decrypted(
        Cipher("gcm", bytes(16), bytes(12)), bytes.fromhex("0388dace60b6a392f328c2b971b2fe78")
    ) == bytes(16)


def test_rc4_is_that_of_rfc_6229() -> None:
    hidden = bytes.fromhex("b2396305f03dc027ccc3524a0a1118a8")
    assert decrypted(Cipher("rc4", bytes.fromhex("0102030405")), hidden) == bytes(16)


def test_fernet_is_that_of_its_specification() -> None:
    assert decrypted(fernet(_SPEC_KEY), _SPEC.encode()) == b"hello"


def _forged(raw: bytes) -> bytes:
    key = base64.urlsafe_b64decode(_SPEC_KEY)
    return base64.urlsafe_b64encode(raw + hmac.new(key[:16], raw, "sha256").digest())


@pytest.mark.parametrize(
    "token",
    [
        _SPEC.replace("Q", "R", 1).encode(),
        b"gAAA",
        _forged(b"\x81" + struct.pack(">Q", 0) + bytes(32)),
        _forged(b"\x80" + struct.pack(">Q", 0) + bytes(32)),
        _forged(b"\x80" + struct.pack(">Q", 0) + bytes(33)),
    ],
)
def test_a_token_that_is_none_is_not_undone(token: bytes) -> None:
    with pytest.raises(Unfoldable):
        decrypted(fernet(_SPEC_KEY), token)


@pytest.mark.parametrize(
    "cipher",
    [
        Cipher("ecb", b"short"),
        Cipher("cbc", bytes(16), b"short"),
        Cipher("ctr", bytes(16), bytes(17)),
        Cipher("gcm", bytes(16), bytes(8)),
        Cipher("rc4", b""),
    ],
)
def test_what_no_cipher_would_take(cipher: Cipher) -> None:
    with pytest.raises(Unfoldable):
        decrypted(cipher, bytes(16))


def test_bounds() -> None:
    with pytest.raises(Unfoldable):
        decrypted(Cipher("ecb", bytes(16)), bytes(ciphers.MAX_CIPHERED + 16))
    with pytest.raises(Unfoldable):
        decrypted(Cipher("ecb", bytes(16)), bytes(17))
    with pytest.raises(Unfoldable):
        fernet(base64.urlsafe_b64encode(b"short"))
    for data in (b"", b"ab\x00", b"a\x03\x02\x03", b"\x09"):
        with pytest.raises(Unfoldable):
            unpadded(data)


_FERNET = f"from cryptography.fernet import Fernet\nK = {_SPEC_KEY!r}\nT = b{_SPEC!r}\n"
_AES = f"from Crypto.Cipher import AES, ARC4\nK = {_SP_KEY!r}\nS = {_SP_START!r}\n"
_CBC = bytes.fromhex("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (_FERNET + "use(Fernet(K).decrypt(T))", b"hello"),
        (_FERNET + "use(Fernet(key=K).decrypt(T).decode())", "hello"),
        (_FERNET + "f = Fernet(K)\nuse(f.decrypt(T))", b"hello"),
        (_FERNET + "def d(t):\n    return Fernet(K).decrypt(t)\nuse(d(T))", b"hello"),
        (
            _FERNET
            + "class D:\n    def __init__(self, k):\n        self.f = Fernet(k)\n"
            + "    def go(self, t):\n        return self.f.decrypt(t)\nuse(D(K).go(T))",
            b"hello",
        ),
        (_AES + f"use(AES.new(K, AES.MODE_CBC, S).decrypt({_CBC!r}))", _SP_PLAIN),
        (_AES + f"use(AES.new(K, AES.MODE_CBC, iv=S).decrypt({_CBC!r}))", _SP_PLAIN),
        (_AES + f"use(AES.new(K, 2, S).decrypt({_CBC!r}))", _SP_PLAIN),
        (_AES + "use(ARC4.new(bytes.fromhex('0102030405')).decrypt(bytes.fromhex('b239')))", b"\0\0"),
        ("import hashlib\nuse(hashlib.md5(b'a').hexdigest())", "0cc175b9c0f1b6a831c399e269772661"),
        ("import hashlib\nuse(hashlib.sha1(b'a').digest()[:2])", b"\x86\xf7"),
        (
            "import hashlib\ndef f(a):\n    h = hashlib.md5()\n    h.update(a)\n    return h.hexdigest()\nuse(f(b'a'))",
            "0cc175b9c0f1b6a831c399e269772661",
        ),
        ("from Crypto.Util.Padding import unpad\nuse(unpad(b'ab' + b'\\x0e' * 14, 16))", b"ab"),
    ],
)
def test_a_key_beside_its_text_opens_it(text: str, plain: object) -> None:
    value = argument_of(text)
    assert value.known and value.const == plain


@pytest.mark.parametrize(
    "text",
    [
        _FERNET + "use(Fernet(Fernet.generate_key()).decrypt(T))",
        _FERNET + "use(Fernet(K).encrypt(T))",
        _FERNET + "use(Fernet(K).decrypt(unknown))",
        _FERNET + "use(Fernet('short').decrypt(T))",
        _AES + f"use(AES.new(K, AES.MODE_EAX, S).decrypt({_CBC!r}))",
        _AES + f"use(AES.new('text', AES.MODE_CBC, S).decrypt({_CBC!r}))",
        "import hashlib\nuse(hashlib.md5(unknown).hexdigest())",
        "import hashlib\nuse(hashlib.md5(b'a').copy())",
    ],
)
def test_what_has_no_key_stays_closed(text: str) -> None:
    assert not argument_of(text).known


def test_what_was_decrypted_says_so() -> None:
    value = argument_of(_FERNET + "use(Fernet(K).decrypt(T))")
    assert value.steps == ("decrypt",)
    assert value.origins == {"cryptography.fernet.Fernet", "cryptography.fernet.Fernet.decrypt"}
