"""Ciphers and hashes by the names that libraries give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stockade.analyse.code.ciphers import STEPS_A_BLOCK, Cipher, Hashed, decrypted, fernet, unpadded
from stockade.analyse.code.machine.core import Core
from stockade.analyse.code.machine.values import Ref
from stockade.analyse.code.ops import Unfoldable

_MODES = {"MODE_ECB": "ecb", "MODE_CBC": "cbc", "MODE_CTR": "ctr", "MODE_GCM": "gcm"}
_NUMBERS = {1: "ecb", 2: "cbc", 6: "ctr", 11: "gcm"}
_FERNETS = frozenset({"cryptography.fernet.Fernet", "fernet.Fernet"})
_HASHES = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s"})
_PREFIXES = ("Crypto.Cipher.", "Cryptodome.Cipher.")
_UNPAD = frozenset({"Crypto.Util.Padding.unpad", "Cryptodome.Util.Padding.unpad"})
#: Targets that `made` knows.
CIPHERING = (
    _FERNETS
    | _UNPAD
    | {f"hashlib.{name}" for name in _HASHES}
    | {f"{prefix}{name}.new" for prefix in _PREFIXES for name in ("AES", "ARC4")}
)
_DECRYPTING = frozenset({"decrypt", "decrypt_and_verify"})


def made(machine: Core, target: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
    """A cipher, a hash, or a text without its padding; raises Unfoldable."""
    if target in _UNPAD:
        return unpadded(_data(args[0]))
    if target.startswith("hashlib."):
        machine.spend(1 + (len(args[0]) >> 6 if args else 0))
        return Hashed(target.removeprefix("hashlib."), _data(args[0]) if args else b"")
    if target in _FERNETS:
        return fernet(args[0] if args else named["key"], target)
    key = _data(args[0] if args else named["key"])
    if target.endswith("ARC4.new"):
        return Cipher("rc4", key, maker=target)
    how = args[1] if len(args) > 1 else named.get("mode")
    mode = _MODES.get(how.target.rpartition(".")[2]) if isinstance(how, Ref) else _NUMBERS.get(how or 0)
    if mode is None:
        raise Unfoldable
    start = args[2] if len(args) > 2 else named.get("iv", named.get("IV", named.get("nonce", b"")))
    return Cipher(mode, key, _data(start), target)


def method(machine: Core, owner: Cipher | Hashed, name: str, args: tuple[Any, ...]) -> Any:
    """``owner.name(*args)``; raises Unfoldable."""
    if isinstance(owner, Hashed):
        if name in {"digest", "hexdigest"} and not args:
            return owner.digest() if name == "digest" else owner.digest().hex()
        if name == "update" and len(args) == 1:
            owner.data += _data(args[0])
            return machine.counted(owner.data) and None
        raise Unfoldable
    if name not in _DECRYPTING or not args:
        raise Unfoldable
    data = args[0].encode() if isinstance(args[0], str) else _data(args[0])
    machine.spend(STEPS_A_BLOCK * (1 + len(data) // 16))
    machine.steps["decrypt"] = None
    machine.origins |= {owner.maker, f"{owner.maker.removesuffix('.new')}.{name}"}
    return decrypted(owner, data)


def _data(value: Any) -> bytes:
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    raise Unfoldable
