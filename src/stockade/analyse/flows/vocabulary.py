"""What flows start from, end in, and are cleaned by. Common knowledge about names and APIs."""

from __future__ import annotations

import re
import sys
from functools import lru_cache

from stockade import limits
from stockade.analyse.code.vocabulary import (
    CLIPBOARD,
    LOOKUP,
    NETWORK,
    PROCESS,
    SOCKET,
    UNPROTECT,
    WATCH,
    within,
)

#: Names of parameters, fields and keys that hold secrets; words are set apart by case or by an underscore.
_SECRET = re.compile(
    r"(?:^|_)(?:secret|passw(?:or)?d|passphrase|pwd|token|credentials?|creds|ak|sk|mnemonic|seed_phrase|private_key"
    r"|api_?key|apikey|access_?key(?:_?id)?|secret_?key|auth_?key|account_?key|shared_?key|client_secret"
    r"|bearer|session_?key|signing_?key|master_?key|key_secret|sas_?token|refresh_token|id_token|jwt)(?:$|_)"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
#: Words that make of a secret's name a setting, a count, a place or a public thing.
_NOT_SECRET = re.compile(
    r"(?:^|_)(?:url|uri|path|file|filename|endpoint|name|type|length|len|count|limit|max|min|size|num|ttl|expir\w*|class|cls"
    r"|provider|factory|callback|func|pattern|regex|index|ids|position|pos|prefix|suffix|public|header|field|param|arn"
    r"|scopes?|store|manager|handler|policy|version|format|id)(?:$|_)"
)
#: Tokens that a list is read on by, that a model reads and writes, or that stop something.
_NO_SECRET_TOKEN = re.compile(
    r"(?:^|_)(?:page|next|continuation|pagination|resume|sync|cancel|cancellation|pad|bos|eos|mask|unk|sep|cls|stop)"
    r"_?token$"
)
#: ... but for these, which end in such a word and are half of a secret.
_HALVES = re.compile(r"(?:access_?key_?id|secret_?id|ak_?id)$")


@lru_cache(maxsize=8192)
def is_secret(name: str) -> bool:
    """Whether a parameter, field or key of this name holds a secret."""
    word = _CAMEL.sub("_", name).lower().strip("_")
    if not _SECRET.search(word) or _NO_SECRET_TOKEN.search(word):
        return False
    return _HALVES.search(word) is not None or not _NOT_SECRET.search(word)


def is_half(name: str) -> bool:
    """Whether a secret of this name is the half that may be shown: the id of a key."""
    return _HALVES.search(_CAMEL.sub("_", name).lower().strip("_")) is not None


#: Calls that hand out stored secrets.
_STORE_NAMES = """
    boto3.Session.get_credentials boto3.session.Session.get_credentials botocore.session.Session.get_credentials
    botocore.session.get_session.get_credentials google.auth.default keyring.get_password keyring.get_credential
    azure.identity.DefaultAzureCredential.get_token getpass.getpass
    msal.PublicClientApplication.acquire_token_silent
"""
STORES = UNPROTECT | frozenset(_STORE_NAMES.split())
#: Reading what the clipboard or the screen holds.
_READS = {"clipboard": CLIPBOARD, "screen": WATCH}


@lru_cache(maxsize=8192)
def source_of(target: str) -> str:
    """What kind of secret a call of, or a look at, `target` hands out; "" for none."""
    if within(target, STORES):
        return "stored credentials"
    if target.startswith(("os.environ", "os.environb")):
        return "the environment"
    return next((f"the {kind}" for kind, calls in _READS.items() if within(target, calls)), "")


#: What may stand in the name of a variable of the environment, but not in a dotted name.
_ODD = re.compile(r"[^A-Za-z0-9_]")
#: The environment itself.
ENVIRONMENT = "os.environ"
#: Calls that read one variable of the environment, and that set one.
READS_VARIABLE = frozenset({"os.environ.get", "os.environ.pop", "os.environ.__getitem__", "os.getenv"})
SETS_VARIABLE = frozenset({"os.environ.setdefault", "os.environ.__setitem__", "os.putenv"})


def variable_of(name: object) -> str:
    """A variable of the environment as a dotted name, "" for what cannot be one.

    Long names that begin alike are one: rather a variable too many is followed than none.
    """
    if not isinstance(name, str) or not name:
        return ""
    return f"{ENVIRONMENT}.{_ODD.sub(lambda odd: f'%{ord(odd[0]):x}', name[: limits.MAX_VARIABLE_NAME])}"


def is_variable(name: str) -> bool:
    """Whether a dotted name is one of a variable of the environment."""
    return name.startswith(f"{ENVIRONMENT}.") and name.count(".") == 2


#: What adds a taker of logs, and the method of that which is handed each; another such call; the methods that log.
TAKES = {"addHandler": "emit", "addFilter": "filter"}
CONFIGURES = "logging.basicConfig"
LOGS = frozenset({"debug", "info", "warning", "warn", "error", "critical", "exception", "log"})

#: Methods that send over what is open already.
SENDS = frozenset(
    [
        "send",
        "sendall",
        "sendto",
        "send_json",
        "send_bytes",
        "sendmail",
        "publish",
        "emit",
        "write",
        "write_message",
        "putheader",
        "endheaders",
    ]
)
#: Calls that make somebody else send: a browser, a stub of a remote program.
_ASKS = frozenset({"webbrowser.open", "webbrowser.open_new", "webbrowser.open_new_tab"})
_STUBS = ("xmlrpc.client.ServerProxy.",)
#: Methods that hand a value to a program that runs.
_FEEDS = frozenset({"subprocess.Popen.communicate", "subprocess.Popen.stdin.write"})


@lru_cache(maxsize=8192)
def sink_of(target: str) -> str:
    """The kind of sink that a call of `target` is: network, lookup, process; "" for none."""
    owner, _, last = target.rpartition(".")
    if target in NETWORK or target in _ASKS or target.startswith(_STUBS):
        return "network"
    if last in SENDS and within(owner, _OPEN):
        return "network"
    if target in _FEEDS:
        return "process"
    if target in LOOKUP:
        return "lookup"
    return "process" if target in PROCESS else ""


#: Calls whose result no longer tells what went in: hashes, signatures, comparisons, measures.
_CLEAN_NAMES = (
    "hexdigest digest sign signature verify compare_digest len isinstance issubclass bool type hash id callable"
    " hasattr encrypt sign_request add_auth startswith endswith isdigit isalpha count index find fullmatch match search"
)
_CLEAN = frozenset(_CLEAN_NAMES.split())


def cleans(target: str, method: str) -> bool:
    """Whether the result of a foreign call says nothing of its arguments any more."""
    if target.startswith(("hashlib.", "hmac.")):
        return True
    return (method or target.rpartition(".")[2]) in _CLEAN


#: Calls that use their first argument as a key: what is handed to them is a secret, whatever it is called.
KEYED = frozenset({"hmac.new", "hmac.HMAC", "hmac.digest"})
#: What stays open between calls.
_OPEN_NAMES = (
    "socket.socket http.client.HTTPConnection http.client.HTTPSConnection ssl.wrap_socket"
    " ssl.SSLContext.wrap_socket ssl.create_default_context.wrap_socket"
)
_OPEN = SOCKET | frozenset(_OPEN_NAMES.split())
#: Modules that come with Python.
STDLIB = frozenset(sys.stdlib_module_names) | {"builtins", "__main__"}
