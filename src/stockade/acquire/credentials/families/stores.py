"""Browsers, keyrings and wallets: that they are there. They are never opened."""

from __future__ import annotations

from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.spots import Spot
from stockade.model.credential import Kind, Life

_CHROMIUM = {
    "Chrome": ".config/google-chrome",
    "Chromium": ".config/chromium",
    "Edge": ".config/microsoft-edge",
    "Brave": ".config/BraveSoftware/Brave-Browser",
}
#: The number of MetaMask, by which a browser keeps what an extension keeps.
_METAMASK = "nkbihfbeogaeaoehlefnkodbefgpgknn"
_WALLETS = {
    "Exodus": ".config/Exodus/exodus.wallet",
    "Electrum": ".electrum/wallets/*",
    "Bitcoin Core": ".bitcoin/wallet*",
    "Ethereum": ".ethereum/keystore/*",
    "Monero": "Monero/wallets/*",
    "Solana": ".config/solana/id.json",
}


def _there(provider: str, item: str = "") -> Found:
    return Found(provider=provider, kind=Kind.STORE, life=Life.UNKNOWN, item=item)


SPOTS = (
    *(
        Spot(patterns=(f"{folder}/*/{name}",), exists=_there(f"{browser} (browser)"))
        for browser, folder in _CHROMIUM.items()
        for name in ("Login Data", "Cookies")
    ),
    *(
        Spot(
            patterns=(f"{folder}/*/Local Extension Settings/{_METAMASK}",),
            exists=_there("MetaMask (wallet)", browser),
        )
        for browser, folder in _CHROMIUM.items()
    ),
    Spot(
        patterns=(
            ".mozilla/firefox/*/logins.json",
            ".mozilla/firefox/*/key4.db",
            ".mozilla/firefox/*/cookies.sqlite",
        ),
        exists=_there("Firefox (browser)"),
    ),
    Spot(patterns=(".local/share/keyrings/*.keyring",), exists=_there("GNOME keyring")),
    Spot(patterns=(".local/share/kwalletd/*.kwl",), exists=_there("KWallet")),
    *(Spot(patterns=(path,), exists=_there(f"{name} (wallet)")) for name, path in _WALLETS.items()),
)
