"""What is wrong with a credential, by policy, and what would be better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from stockade.decide.policy import Action, Policy
from stockade.model.credential import Concern, Credential, Fault, Kind, Life, Mfa, Place
from stockade.model.decision import Exit

#: A better form, by provider: what it is, and the commands that lead there.
BETTER: Mapping[str, str] = {
    "AWS": "sign in with `aws configure sso`, or let the machine assume a role",
    "Google Cloud": "impersonate a service account (`gcloud auth application-default login"
    " --impersonate-service-account=NAME`), or use workload identity federation",
    "Azure": "use a managed identity or a federated credential instead of a client secret",
    "Alibaba Cloud": "assume a RAM role (`aliyun configure --mode RamRoleArn`)",
    "Tencent Cloud": "assume a CAM role with temporary keys",
    "Python index": "publish by Trusted Publishing from CI, where no token exists",
    "npm": "publish by Trusted Publishing from CI, where no token exists",
    "Cargo": "publish by Trusted Publishing from CI, where no token exists",
    "RubyGems": "publish by Trusted Publishing from CI, where no token exists",
    "GitHub": "`gh auth login` keeps its token in the system's keyring",
    "GitLab": "give the token an expiry (`glab token create --duration 30d`)",
    "git host": "use a credential helper that keeps it in the system's keyring (git-credential-libsecret)",
    "Kubernetes": "use an exec plugin that fetches short-lived tokens",
    "Vault/OpenBao": "log in anew each day, with a token of a short time to live",
    "container registry": "set `credsStore` to a helper that keeps it in the system's keyring",
    "SSH": "sign in with short-lived certificates (`ssh-keygen -s`), or a hardware key (`ssh-keygen -t ed25519-sk`)",
}


def concerns(one: Credential, policy: Policy, now: datetime) -> Iterator[Concern]:
    """Everything that is wrong with it at `now`, whatever policy makes of it; nothing of one that has ended."""
    if one.expires is not None and one.expires <= now:
        return
    yield from _places(one.places)
    if one.kind is Kind.STORE:
        return
    yield from _age(one, policy.credentials_age, now)
    if one.life is Life.LONG and one.provider in BETTER:
        yield Concern(fault=Fault.LONG_LIVED, says="it never ends by itself", advice=BETTER[one.provider])
    if one.kind is Kind.PRIVATE_KEY and not one.locked:
        advice = "`ssh-keygen -p -f FILE` sets a passphrase" if one.provider == "SSH" else "set a passphrase"
        yield Concern(fault=Fault.UNLOCKED, says="no passphrase protects it", advice=advice)
    if one.mfa is Mfa.NO:
        yield Concern(
            fault=Fault.NO_MFA,
            says="its provider asks for no second factor",
            advice="turn MFA on for its user",
        )
    elif one.mfa is Mfa.UNKNOWN and one.life is not Life.SHORT:
        yield Concern(fault=Fault.UNKNOWN_MFA, says="whether its user needs a second factor is not known")


def _places(places: Iterable[Place]) -> Iterator[Concern]:
    for place in places:
        if place.readable:
            yield Concern(
                fault=Fault.READABLE,
                says=f"{place.where} can be read by {place.readable}",
                advice=f"chmod 600 {place.where}",
            )
        if place.repository:
            yield Concern(
                fault=Fault.REPOSITORY,
                says=f"{place.where} lies in the working tree of {place.repository}",
                advice="keep it outside, or have git ignore it; if it was ever pushed, rotate it",
            )


def _age(one: Credential, allowed: timedelta, now: datetime) -> Iterator[Concern]:
    since = one.oldest()
    if one.life is Life.SHORT:
        return
    if since is None:
        yield Concern(fault=Fault.UNKNOWN_AGE, says="how old it is, is not known")
    elif now - since > allowed:
        days = (now - since).days
        least = "" if one.created else "at least "
        yield Concern(
            fault=Fault.OLD,
            says=f"it is {least}{days} days old, and policy allows {allowed.days}",
            advice=f"replace it: {one.rotation}",
        )


def action_on(found: Iterable[Concern], policy: Policy) -> Action:
    """The worst that policy makes of them; what it has no rule for is asked about."""
    order = (Action.BLOCK, Action.UNDETERMINED, Action.ASK)
    actions = {policy.credentials.get(one.fault, Action.ASK) for one in found}
    return next((one for one in order if one in actions), Action.ALLOW)


def ended(actions: Iterable[Action]) -> Exit:
    """What `creds check` ends with."""
    found = set(actions)
    if Action.BLOCK in found:
        return Exit.BLOCKED
    if Action.UNDETERMINED in found:
        return Exit.UNDETERMINED
    return Exit.ASK if Action.ASK in found else Exit.ALLOWED
