"""Attestations that hold, that do not, and that cannot be told; real ones, and those of a Sigstore of our own."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypi_attestations import AttestationType

from stockade import limits
from stockade.acquire.attestations import Attestations
from stockade.analyse.identity.publisher import same
from stockade.errors import UsageError
from stockade.model.identity import Attested, Publisher
from stockade.model.project import Digest
from tests.support.attesting import GitHub, Sigstore, provenance

FIXTURES = Path(__file__).parents[1] / "fixtures/provenance"
GITHUB = "pypi_attestations-0.0.19.tar.gz"
DIGESTS = {
    "circleci_sign_publish_example-0.0.1.dev137-py3-none-any.whl": (
        "8cb34da1e27336f11a2c43f3f9c7433bd76f24f470c904724f06ad7f131d9e9f"
    ),
    "rfc8785-0.1.2-py3-none-any.whl": "c4e92e9ecc828bef2aa7dba1de8ac983511f7532a0df11c770d39099a25cf201",
    "gcb_attestation_test-0.0.0.tar.gz": "461317362419124b6012e855423a9078d6de8aed3e74fa78cc74d669b23dc6cf",
    "gitlab_oidc_project-0.0.3.tar.gz": "c1ca9b0d85df1606451098233018534497bf584362e10e4a8c21dfaea92c02a8",
    "pypi_attestation_models-0.0.4a2.tar.gz": "c9709ce6fd5b67b59b4a28758cf14d3f411803c4b89b6068b1f1a8e4ee94c8ef",
    GITHUB: "9bb1add04b1b4e182be6b0b80931593f7a291eb49d69b4fd728a5d4cbcdc4bd3",
}
#: What the trust root that ships verifies; one for all tests, since it keeps nothing.
REAL = Attestations()
FILE = "demo-1.0-py3-none-any.whl"
DIGEST = Digest("a" * 64)
ADA = GitHub("ada/demo", "release.yml", "7")


def real(filename: str, publisher: dict[str, str] | None = None, suffix: str = "provenance") -> Attested:
    """A real file's attestations; those that stand alone as if an index named `publisher` for them."""
    body = (FIXTURES / f"{filename}.{suffix}").read_bytes()
    if publisher is not None:
        bundle = {"publisher": publisher, "attestations": [json.loads(body)]}
        body = json.dumps({"version": 1, "attestation_bundles": [bundle]}).encode()
    return REAL.verified(body, filename, Digest(DIGESTS[filename]))


def verified(attested: Attested) -> Publisher:
    """The only publisher."""
    assert (attested.invalid, attested.unknown) == ("", "")
    (one,) = attested.publishers
    return one


def test_the_librarys_own_attestations_hold() -> None:
    assert verified(real(GITHUB)) == Publisher(
        kind="GitHub",
        repository="trailofbits/pypi-attestations",
        workflow="release.yml",
        identifier="772247423",
    )
    google = verified(real("gcb_attestation_test-0.0.0.tar.gz"))
    assert google.kind == "Google"
    assert google.repository.endswith("@developer.gserviceaccount.com")
    assert verified(real("circleci_sign_publish_example-0.0.1.dev137-py3-none-any.whl")).kind == "CircleCI"
    gitlab = {
        "kind": "GitLab",
        "repository": "facutuesca/gitlab-oidc-project",
        "workflow_filepath": ".gitlab-ci.yml",
    }
    found = verified(real("gitlab_oidc_project-0.0.3.tar.gz", gitlab, "publish.attestation"))
    assert (found.workflow, found.identifier) == (".gitlab-ci.yml", "55235664")


def test_a_renamed_repository_is_the_same_publisher() -> None:
    former = {
        "kind": "GitHub",
        "repository": "trailofbits/pypi-attestation-models",
        "workflow": "release.yml",
    }
    before = verified(real("pypi_attestation_models-0.0.4a2.tar.gz", former, "attestation"))
    now = verified(real(GITHUB))
    assert before.repository != now.repository
    assert same(before, now)


def test_an_index_that_names_another_publisher() -> None:
    claimed = {"kind": "GitHub", "repository": "someone/else", "workflow": "release.yml"}
    found = real("pypi_attestation_models-0.0.4a2.tar.gz", claimed, "attestation")
    assert found.publishers == ()
    assert "SourceRepositoryURI does not match" in found.invalid


def test_a_log_that_the_trust_root_does_not_know_accuses_nobody() -> None:
    claimed = {"kind": "GitHub", "repository": "trailofbits/rfc8785.py", "workflow": "release.yml"}
    found = real("rfc8785-0.1.2-py3-none-any.whl", claimed, "publish.attestation")
    assert (found.publishers, found.invalid) == ((), "")
    assert "in a log that the trust root at hand does not know" in found.unknown


def test_another_file_and_other_bytes() -> None:
    body = (FIXTURES / f"{GITHUB}.provenance").read_bytes()
    assert REAL.verified(body, GITHUB, DIGEST).invalid == "it is of other bytes"
    other = REAL.verified(body, "pypi_attestations-0.0.20.tar.gz", Digest(DIGESTS[GITHUB]))
    assert other.invalid == f"it is of another file, {GITHUB}"


def test_every_flipped_bit_of_a_signature_is_seen() -> None:
    page = json.loads((FIXTURES / f"{GITHUB}.provenance").read_bytes())
    envelope = page["attestation_bundles"][0]["attestations"][0]["envelope"]
    raw = base64.b64decode(envelope["signature"])
    for place in range(10, len(raw), 16):
        envelope["signature"] = base64.b64encode(
            raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        ).decode()
        found = REAL.verified(json.dumps(page).encode(), GITHUB, Digest(DIGESTS[GITHUB]))
        assert found.publishers == ()
        assert found.invalid


@pytest.mark.parametrize(
    ("statement", "invalid", "unknown"),
    [
        (b"[" * 100_000, "", "states what cannot be read"),
        (b'{"subject": [{"name": 1}]}', "", "states what cannot be read"),
        (
            json.dumps(
                {
                    "subject": [{"name": GITHUB, "digest": {"sha256": DIGESTS[GITHUB]}}] * 2,
                    "predicateType": AttestationType.PYPI_PUBLISH_V1.value,
                }
            ).encode(),
            "it is of several files at once",
            "",
        ),
        (
            json.dumps(
                {
                    "subject": [{"name": GITHUB, "digest": {"md5": DIGESTS[GITHUB]}}],
                    "predicateType": AttestationType.PYPI_PUBLISH_V1.value,
                }
            ).encode(),
            "it is of other bytes",
            "",
        ),
    ],
    ids=["deep", "types", "two", "md5"],
)
def test_statements_of_another_form(statement: bytes, invalid: str, unknown: str) -> None:
    page = json.loads((FIXTURES / f"{GITHUB}.provenance").read_bytes())
    envelope = page["attestation_bundles"][0]["attestations"][0]["envelope"]
    envelope["statement"] = base64.b64encode(statement).decode()
    found = REAL.verified(json.dumps(page).encode(), GITHUB, Digest(DIGESTS[GITHUB]))
    assert found.publishers == ()
    assert invalid in found.invalid
    assert unknown in found.unknown
    assert bool(found.invalid) == bool(invalid)


@pytest.fixture(scope="module")
def sigstore() -> Sigstore:
    return Sigstore()


@pytest.fixture(scope="module")
def own(sigstore: Sigstore, tmp_path_factory: pytest.TempPathFactory) -> Attestations:
    return Attestations(sigstore.write_root(tmp_path_factory.mktemp("root") / "root.json"))


def test_our_own_sigstore_is_as_good_as_the_real_one(sigstore: Sigstore, own: Attestations) -> None:
    found = verified(own.verified(sigstore.provenance(FILE, DIGEST, ADA), FILE, DIGEST))
    assert found == Publisher(kind="GitHub", repository="ada/demo", workflow="release.yml", identifier="7")
    spelt = sigstore.provenance("Demo-1.0-py3-none-any.whl", DIGEST, ADA)
    assert verified(own.verified(spelt, FILE, DIGEST)) == found


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"names": "other-1.0.tar.gz"}, "it is of another file"),
        ({"names": "no file name"}, "it is of another file"),
        ({"of": "b" * 64}, "it is of other bytes"),
        ({"late": timedelta(days=1)}, "cert is not valid at validation time"),
        ({"late": -timedelta(days=1)}, "cert is not valid at validation time"),
        ({"bad_signature": True}, "invalid signature"),
        ({"bad_promise": True}, "invalid inclusion promise"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_does_not_hold(sigstore: Sigstore, own: Attestations, wrong: dict[str, Any], why: str) -> None:
    found = own.verified(sigstore.provenance(FILE, DIGEST, ADA, **wrong), FILE, DIGEST)
    assert found.publishers == ()
    assert why in found.invalid


def test_what_cannot_be_told_is_no_accusation(sigstore: Sigstore, own: Attestations) -> None:
    stranger = Sigstore(name="another")
    for body, why in [
        (stranger.provenance(FILE, DIGEST, ADA), "in a log that"),
        (
            Sigstore(name="another", log_key=sigstore.log_key).provenance(FILE, DIGEST, ADA),
            "by an authority that",
        ),
        (
            Sigstore(
                log_key=sigstore.log_key, authority_key=sigstore.authority_key, at=sigstore.at
            ).provenance(FILE, DIGEST, ADA),
            "the certificate of an attestation is in a log",
        ),
        (sigstore.provenance(FILE, DIGEST, ADA, kind="https://kinds.invalid/9"), "of a kind"),
        (timeless(sigstore), "no time"),
        (provenance([]), "0 attestations"),
        (provenance([(ADA, sigstore.attestation(FILE, DIGEST, ADA))] * 9), "9 attestations"),
    ]:
        found = own.verified(body, FILE, DIGEST)
        assert (found.publishers, found.invalid) == ((), "")
        assert why in found.unknown


def timeless(sigstore: Sigstore) -> bytes:
    one = sigstore.attestation(FILE, DIGEST, ADA)
    del one["verification_material"]["transparency_entries"][0]["inclusionPromise"]
    return provenance([(ADA, one)])


def test_one_that_holds_beside_one_that_does_not(sigstore: Sigstore, own: Attestations) -> None:
    good = sigstore.attestation(FILE, DIGEST, ADA)
    bad = sigstore.attestation(FILE, DIGEST, ADA, bad_signature=True)
    found = own.verified(provenance([(ADA, bad), (ADA, good)]), FILE, DIGEST)
    assert len(found.publishers) == 1
    assert "invalid signature" in found.invalid


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html><body>Please sign in</body></html>",
        b"null",
        b"[]",
        b"{}",
        b'{"version": 2, "attestation_bundles": []}',
        b'{"version": 1, "attestation_bundles": [{"publisher": {"kind": "Unheard"}, "attestations": []}]}',
        b"[" * 200_000,
        b"\xff\xfe",
    ],
    ids=range(9),
)
def test_what_is_no_provenance_object(body: bytes) -> None:
    found = REAL.verified(body, GITHUB, DIGEST)
    assert (found.publishers, found.invalid) == ((), "")
    assert found.unknown == "what the index gives as its attestations is none"


_ANY: st.SearchStrategy[Any] = (
    st.none() | st.integers() | st.text(max_size=9) | st.just([]) | st.just({}) | st.just("QUFB")
)


def places(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON document."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [at, *(found for key, value in inner for found in places(value, (*at, key)))]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_anywhere_nothing_breaks_and_nothing_is_believed(
    sigstore: Sigstore, own: Attestations, data: st.DataObject
) -> None:
    page = json.loads(sigstore.provenance(FILE, DIGEST, ADA))
    entry = ("attestation_bundles", 0, "attestations", 0)
    *path, last = data.draw(st.sampled_from([one for one in places(page) if len(one) > len(entry)]))
    node: Any = page
    for key in path:
        node = node[key]
    before = node[last]
    node[last] = data.draw(_ANY)
    found = own.verified(json.dumps(page).encode(), FILE, DIGEST)
    # Numbers may be spelt otherwise, and what is not signed may be anything.
    free = {"version", "hashAlgorithm", "logIndex", "treeSize", "kind", "inclusionPromise"}
    assert not found.publishers or node[last] == before or last in free, (path, last)
    assert found.publishers or found.invalid or found.unknown


def test_what_is_no_trust_root(tmp_path: Path) -> None:
    path = tmp_path / "root.json"
    for text in ("", "[]", "{}", '{"tlogs": [], "ctlogs": [], "certificateAuthorities": []}', "x" * 9):
        path.write_text(text)
        with pytest.raises(UsageError, match="is no trust root of Sigstore"):
            Attestations(path).verified(b"{}", FILE, DIGEST)
    path.write_text(" " * (limits.MAX_TRUSTED_ROOT + 1))
    with pytest.raises(UsageError, match="larger than"):
        Attestations(path).verified(b"{}", FILE, DIGEST)
    with pytest.raises(UsageError, match="No such file"):
        Attestations(tmp_path / "none").verified(b"{}", FILE, DIGEST)
