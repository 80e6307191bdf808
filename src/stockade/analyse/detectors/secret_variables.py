"""Reads well-known secret variables of the environment without being called."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import seen, unasked
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_READS = frozenset({"os.environ.__getitem__", "os.environ.get", "os.getenv", "os.environ.pop"})
#: Variables that belong to other programs than the package that reads them.
_FOREIGN = (
    "AWS_SECRET",
    "AWS_SESSION",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GITLAB_TOKEN",
    "CI_JOB_TOKEN",
    "NPM_TOKEN",
    "PYPI_",
    "TWINE_PASSWORD",
    "UV_PUBLISH",
    "DOCKER_PASSWORD",
    "SSH_PRIVATE",
    "AZURE_CLIENT_SECRET",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "ACTIONS_ID_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "VAULT_TOKEN",
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "PRIVATE_KEY",
    "MNEMONIC",
)


@detector("secret-variables", on=Call, when=unasked)
def secret_variables(call: Call) -> Iterator[Evidence]:
    """Reads well-known secret variables of the environment without being called.

    What: a read of a variable that holds another program's secret, at install, start-up or import.
    Why: no build and no import needs a publishing token or a cloud key.
    Benign twins: SDKs read their own key when a client is made, which is a call.
    Blind spots: loops over the whole environment (see environment-sent).
    """
    if call.target in _READS and (name := call.arg(0, "key").text).startswith(_FOREIGN):
        yield seen("secret-variables", call, f"reads {name[:60]} from the environment")
