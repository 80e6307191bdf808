"""What makes a stolen credential worthless, by provider: the steps in their order, with the commands to type.

A new one first, then the old one's end, then the end of what was opened with it: for most providers a session outlives
the key that it was made with. None of this is done by us: where it says "revoke", a person does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from stockade.model.credential import Credential, Kind, Life

#: Those that open most, first; any other comes after them.
_DANGER = (
    *("AWS", "Google Cloud", "Azure", "Alibaba Cloud", "Tencent Cloud", "Kubernetes", "Vault/OpenBao"),
    *("Python index", "npm", "GitHub", "GitLab", "SSH", "Cargo", "RubyGems"),
)

_GUIDES: Mapping[str, tuple[str, ...]] = {
    "AWS": (
        "aws iam create-access-key --user-name USER, and put the new key where the old one lies",
        "aws iam update-access-key --user-name USER --access-key-id {principal} --status Inactive",
        "end the sessions made with it: attach a policy that denies all where aws:TokenIssueTime is before now",
        "aws iam list-access-keys, list-users, list-roles: what was made since then that nobody here made?",
        "aws iam delete-access-key --user-name USER --access-key-id {principal}, after some days without its use",
    ),
    "Google Cloud": (
        "a service account: gcloud iam service-accounts keys create NEW.json --iam-account={principal}",
        "gcloud iam service-accounts keys delete KEY --iam-account={principal}",
        "a user: gcloud auth revoke {principal}, then gcloud auth login",
    ),
    "Azure": (
        "a service principal: az ad app credential reset --id {principal} --append, then delete the old one",
        "a user: revoke sign-in sessions in the directory, then az login",
    ),
    "Alibaba Cloud": (
        "aliyun ram CreateAccessKey --UserName USER, and put the new key where the old one lies",
        "aliyun ram UpdateAccessKey --UserName USER --UserAccessKeyId {principal} --Status Inactive",
        "aliyun ram ListAccessKeys, ListUsers, ListRoles: what was made since then that nobody here made?",
        "aliyun ram DeleteAccessKey --UserName USER --UserAccessKeyId {principal}, after some days without its use",
    ),
    "Tencent Cloud": (
        "tccli cam CreateAccessKey, and put the new key where the old one lies",
        "tccli cam UpdateAccessKey --AccessKeyId {principal} --Status Inactive, then DeleteAccessKey",
    ),
    "Kubernetes": (
        "a service account: delete its Secret, or the account, and make it again; a bound token dies with its pod",
        "a user's certificate cannot be revoked: take its rights away (RoleBindings), then issue another",
    ),
    "Vault/OpenBao": ("vault token revoke TOKEN (bao token revoke), then log in again",),
    "Python index": (
        "delete the token in the account's settings, look at the project's history for releases that nobody here made",
        "make a new one for one project, or better: publish by Trusted Publishing",
    ),
    "npm": ("npm token revoke ID, look for versions that nobody here published", "npm login"),
    "GitHub": (
        "revoke it (settings, developer settings; a program may POST /credentials/revoke): that cannot be undone",
        "gh auth login; look at the account's security log, deploy keys, and workflows changed since then",
    ),
    "GitLab": ("glab token revoke, or rotate it by its own API: the old one ends at once", "glab auth login"),
    "SSH": (
        "ssh-keygen -t ed25519, put the new public key where the old one is trusted",
        "take the old one out of every authorized_keys, and out of the git hosts' settings",
    ),
    "Hugging Face": ("invalidate the token in the account's settings, then: hf auth login",),
    "container registry": ("change the password, or revoke the token, at {item}; then log in again",),
}
#: Sign-ins, where a provider has both them and keys.
_SIGN_INS: Mapping[str, tuple[str, ...]] = {
    "AWS": ("aws sso logout, then end the user's sessions in the identity centre", "aws sso login"),
    "Google Cloud": ("gcloud auth revoke {principal}", "gcloud auth login"),
    "Azure": ("revoke the user's sign-in sessions in the directory", "az logout, az login"),
}
_SESSION = ("it ends by itself; sign out everywhere if its provider can, and sign in again",)
_STORES = (
    "sign out everywhere, in every service that it held a session or a password of; change those passwords",
)
_WALLETS = ("move what it holds to a wallet that was made on another machine",)
_OTHER = ("make a new one at its provider, put it where the old one lies, then revoke the old one",)


def danger(provider: str) -> int:
    """0 for what opens most."""
    return _DANGER.index(provider) if provider in _DANGER else len(_DANGER)


def steps(one: Credential) -> tuple[str, ...]:
    """What to do, in its order."""
    if one.kind is Kind.STORE:
        return _WALLETS if "wallet" in one.provider else _STORES
    if one.life is Life.SHORT:
        return _SESSION
    guides = _SIGN_INS if one.life is Life.REFRESHING and one.provider in _SIGN_INS else _GUIDES
    item = next((place.item for place in one.places if place.item), "")
    return tuple(
        step.replace("{principal}", _plain(one.principal, "ID")).replace("{item}", _plain(item, "its host"))
        for step in guides.get(one.provider, _OTHER)
    )


def _plain(name: str, instead: str) -> str:
    """A name that can stand in a command, since people copy it into a shell; any other is left to them."""
    return name if _PLAIN.fullmatch(name) else instead


_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:/@+-]{0,198}[A-Za-z0-9])?")
