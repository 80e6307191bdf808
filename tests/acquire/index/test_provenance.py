"""Attestations over the wire: what is asked, what is kept, and what an index can do to us there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.index.provenance import Provenances
from stockade.model.identity import Attested, Publisher
from stockade.model.project import ArtifactRef, Digest, ProjectName
from tests.support.asking import Ask
from tests.support.index import Fault, TwinFile, TwinIndex

NAME = "demo-1.0-py3-none-any.whl"
ADA = Publisher(kind="GitHub", repository="ada/demo")


class Believing:
    """Verifies whatever says "good"."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def verified(self, body: bytes, filename: str, sha256: Digest) -> Attested:
        """One publisher for what is good."""
        self.asked.append(body)
        if body == b"good":
            return Attested(filename=filename, publishers=(ADA,))
        return Attested(filename=filename, unknown="no")


def twin_with(body: bytes, fault: Fault | None = None) -> TwinIndex:
    faults = {f"{NAME}.provenance": fault} if fault else {}
    return TwinIndex({"demo": [TwinFile(NAME, b"data")]}, faults=faults)


def listed(ask: Ask, cache: Path, twin: TwinIndex) -> tuple[Provenances, ArtifactRef]:
    asking = ask(cache, twin.url)
    (ref,) = asking.index.listing(ProjectName("demo")).files
    return Provenances(asking.transport, cache), ref


def test_what_verified_is_asked_for_once_and_verified_each_time(tmp_path: Path, ask: Ask) -> None:
    with twin_with(b"") as twin:
        twin.attest(NAME, b"good")
        provenances, ref = listed(ask, tmp_path, twin)
        believing = Believing()
        for _ in range(2):
            found = provenances.of(ref, believing)
            assert found is not None
            assert found.publishers == (ADA,)
        provenances.close()
        assert len(twin.hits("/integrity/")) == 1
        assert believing.asked == [b"good"] * 2
        # For other bytes, nothing is taken from there.
        provenances.of(replace(ref, sha256=Digest("b" * 64)), believing)
        assert len(twin.hits("/integrity/")) == 2
        offline = Provenances(ask(tmp_path, twin.url).transport, tmp_path, offline=True)
        kept = offline.of(ref, believing)
        assert kept is not None
        assert kept.publishers == (ADA,)
        other = offline.of(replace(ref, sha256=Digest("c" * 64)), believing)
        assert other is not None
        assert "--offline forbids" in other.unknown
        assert len(twin.hits("/integrity/")) == 2


def test_what_did_not_verify_is_asked_for_again(tmp_path: Path, ask: Ask) -> None:
    with twin_with(b"") as twin:
        twin.attest(NAME, b"bad")
        provenances, ref = listed(ask, tmp_path, twin)
        for _ in range(2):
            provenances.of(ref, Believing())
        assert len(twin.hits("/integrity/")) == 2


def test_a_file_without_attestations_costs_nothing(tmp_path: Path, ask: Ask) -> None:
    with twin_with(b"") as twin:
        provenances, ref = listed(ask, tmp_path, twin)
        assert provenances.of(ref, Believing()) is None
        assert twin.hits("/integrity/") == []


def test_a_file_without_a_digest_has_nothing_to_hold_them_against(tmp_path: Path, ask: Ask) -> None:
    with twin_with(b"") as twin:
        twin.attest(NAME, b"good")
        provenances, ref = listed(ask, tmp_path, twin)
        found = provenances.of(replace(ref, sha256=None), Believing())
        assert found is not None
        assert "no digest" in found.unknown
        assert twin.hits("/integrity/") == []


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault("error", status=404), "answers 404"),
        (Fault("error", status=500), "answers 500"),
        (Fault("endless"), f"sends more than {limits.MAX_PROVENANCE} bytes"),
        (Fault("cut"), "broke off"),
        (Fault("loop"), "redirects more than"),
        (Fault("elsewhere", target="file:///etc/hostname"), "neither http nor https"),
    ],
    ids=lambda one: one.kind if isinstance(one, Fault) else "",
)
def test_a_source_that_fails_costs_the_figure(tmp_path: Path, ask: Ask, fault: Fault, why: str) -> None:
    with twin_with(b"", fault) as twin:
        twin.attest(NAME, b"good" * 50)
        provenances, ref = listed(ask, tmp_path, twin)
        believing = Believing()
        found = provenances.of(ref, believing)
        assert found is not None
        assert (found.publishers, found.invalid) == ((), "")
        assert "its attestations could not be had" in found.unknown
        assert why in found.unknown
        assert believing.asked == []


def test_a_page_of_another_kind_is_not_believed(tmp_path: Path, ask: Ask) -> None:
    with twin_with(b"", Fault("page")) as twin:
        twin.attest(NAME, b"good")
        provenances, ref = listed(ask, tmp_path, twin)
        found = provenances.of(ref, Believing())
        assert found is not None
        assert found.unknown == "no"


def test_a_host_that_failed_is_asked_no_more(tmp_path: Path, ask: Ask) -> None:
    with twin_with(b"", Fault("error", status=503)) as twin:
        twin.attest(NAME, b"good")
        provenances, ref = listed(ask, tmp_path, twin)
        first = provenances.of(ref, Believing())
        asked = len(twin.hits("/integrity/"))
        second = provenances.of(ref, Believing())
        assert first == second
        assert len(twin.hits("/integrity/")) == asked


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "ftp://index.example/x",
        "//index.example/x",
        "x",
        "",
        "https://user:word@index.example/x",
        "https://[::1/x",
        "https://index.example:port/x",
        "https:///x",
    ],
)
def test_addresses_that_an_index_may_not_send_us_to(tmp_path: Path, ask: Ask, address: str) -> None:
    with twin_with(b"") as twin:
        provenances, ref = listed(ask, tmp_path, twin)
        found = provenances.of(replace(ref, provenance=address), Believing())
    assert found is not None
    assert "their address is not" in found.unknown


def test_an_https_index_cannot_lower_the_protection(tmp_path: Path, ask: Ask) -> None:
    with twin_with(b"") as twin:
        provenances, ref = listed(ask, tmp_path, twin)
        plain = replace(
            ref, index="https://index.example/simple/", provenance=f"{twin.base}/integrity/{NAME}"
        )
        found = provenances.of(plain, Believing())
        assert found is not None
        assert "not one that this index may send us to" in found.unknown
        assert twin.hits("/integrity/") == []
