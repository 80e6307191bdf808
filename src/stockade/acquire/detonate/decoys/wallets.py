"""Wallets with nothing in them."""

from __future__ import annotations

import json

from stockade.acquire.detonate.decoys.laid import Laying
from stockade.acquire.detonate.decoys.maker import HEX, LOWER

#: Where Chrome keeps what MetaMask remembers.
METAMASK = "~/.config/google-chrome/Default/Local Extension Settings/nkbihfbeogaeaoehlefnkodbefgpgknn"


def wallets(laying: Laying) -> None:
    """Ethereum, Solana, Electrum, Exodus, MetaMask, Bitcoin Core."""
    make = laying.make
    address, text = make.text(40, HEX), make.text(64, HEX)
    store = {
        "address": address,
        "crypto": {
            "cipher": "aes-128-ctr",
            "ciphertext": text,
            "cipherparams": {"iv": make.text(32, HEX)},
            "kdf": "scrypt",
            "kdfparams": {"dklen": 32, "n": 262144, "p": 1, "r": 8, "salt": make.text(64, HEX)},
            "mac": make.text(64, HEX),
        },
        "id": make.uuid(),
        "version": 3,
    }
    place = f"~/.ethereum/keystore/UTC--2024-03-11T09-12-44.104000000Z--{address}"
    laying.file(place, json.dumps(store, separators=(",", ":")), (text, "Ethereum key"))
    numbers = [make.number(0, 255) for _ in range(64)]
    told = json.dumps(numbers, separators=(",", ":"))
    laying.file("~/.config/solana/id.json", told, (told[20:80], "Solana key"))
    words = make.words()
    electrum = {
        "keystore": {"seed": words, "type": "bip32", "xprv": "xprv" + make.text(107)},
        "wallet_type": "standard",
    }
    laying.file(
        "~/.electrum/wallets/default_wallet", json.dumps(electrum, indent=4), (words, "Electrum seed")
    )
    vault = {"data": make.text(220), "iv": make.text(24), "salt": make.text(44)}
    kept = json.dumps({"KeyringController": {"vault": json.dumps(vault)}}, separators=(",", ":"))
    laying.file(f"{METAMASK}/000003.log", kept, (vault["data"][60:140], "MetaMask vault"))
    seed = make.raw(512)
    laying.file("~/.config/Exodus/exodus.wallet/seed.seco", b"SECO\0\0\0\0" + seed)
    laying.decoy(seed[200:264], "~/.config/Exodus/exodus.wallet/seed.seco", "Exodus seed")
    coins = make.raw(256)
    laying.file("~/.bitcoin/wallet.dat", b"\0" * 12 + b"\x62\x31\x05\0\x09\0\0\0\0\x10\0\0" + coins)
    laying.decoy(coins[64:128], "~/.bitcoin/wallet.dat", "Bitcoin wallet")
    phrase = make.words()
    note = f"wallet backup {make.text(4, LOWER)}\n{phrase}\n"
    laying.file("~/Documents/recovery-phrase.txt", note, (phrase, "recovery phrase"))
