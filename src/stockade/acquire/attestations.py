"""Attestations (PEP 740), verified against a file's digest: who published it, or why that does not hold.

Nothing is asked of anybody: the trust root is the one that ships with sigstore, read from the package itself. What
`Verifier.production(offline=True)` reads instead is a copy in the user's cache folder that nobody verifies.

What fails for certain (another file's attestation, a signature or a log entry that is wrong, a certificate of somebody
else) is told apart from what this version cannot tell: a log or an authority that is younger than its trust root
must not accuse an honest release.
"""

from __future__ import annotations

import base64
import importlib.util
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

from stockade import limits
from stockade.errors import UsageError
from stockade.model.identity import Attested, Publisher
from stockade.model.project import Digest

if TYPE_CHECKING:
    from pypi_attestations import Attestation, AttestationBundle
    from sigstore.verify import Verifier

_STATEMENT = "application/vnd.in-toto+json"
_STORE = ("https%3A%2F%2Ftuf-repo-cdn.sigstore.dev", "trusted_root.json")
#: What the time of a signature can be read from: entries that a log has signed together with it.
_TIMED = frozenset({("dsse", "0.0.1"), ("hashedrekord", "0.0.1")})
#: Source Repository Identifier (https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md).
_REPOSITORY_ID = "1.3.6.1.4.1.57264.1.15"


class _Subject(msgspec.Struct):
    name: str
    digest: dict[str, str]


class _Statement(msgspec.Struct):
    """What is read of an in-toto statement."""

    subject: list[_Subject]
    predicate_type: str = msgspec.field(name="predicateType")


@dataclass(frozen=True, slots=True)
class _Roots:
    """The verifier, and whom it knows: transparency logs by number, authorities by their distinguished name."""

    verifier: Verifier
    logs: frozenset[str]
    authorities: frozenset[bytes]


class _Unknown(Exception):
    """Why an attestation could not be judged."""


class _Invalid(Exception):
    """Why an attestation does not hold."""


def installed() -> bool:
    """Whether the extra that verifies is there."""
    return all(importlib.util.find_spec(name) for name in ("pypi_attestations", "sigstore"))


class Attestations:
    """Verifies; its libraries are imported at the first use (half a second, 50 MB).

    `trusted_root` replaces the trust root that ships. Raises UsageError, at the first use, where it is none.
    """

    def __init__(self, trusted_root: Path | None = None) -> None:
        self._path = trusted_root
        self._known: _Roots | None = None

    def verified(self, body: bytes, filename: str, sha256: Digest) -> Attested:
        """What `body`, a provenance object, says of the file of that name and digest. It may hold anything."""
        roots = self._roots()
        from pydantic import ValidationError
        from pypi_attestations import Provenance

        try:
            bundles = Provenance.model_validate_json(body).attestation_bundles
        except (ValidationError, RecursionError):
            return Attested(filename=filename, unknown="what the index gives as its attestations is none")
        pairs = [(bundle, one) for bundle in bundles for one in bundle.attestations]
        if not pairs or len(pairs) > limits.MAX_ATTESTATIONS:
            why = f"the index gives {len(pairs)} attestations of it"
            return Attested(filename=filename, unknown=why)
        found: dict[Publisher, None] = {}
        invalid: list[str] = []
        unknown: list[str] = []
        for bundle, one in pairs:
            try:
                # What the libraries warn of (a certificate's odd number) is no affair of the person at the terminal.
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    _judged(bundle, one, filename, sha256, roots)
                    found[_publisher(bundle, one)] = None
            except _Invalid as why:
                invalid.append(str(why))
            except _Unknown as why:
                unknown.append(str(why))
            # The libraries parse hostile certificates and log entries, and promise nothing of what they raise.
            except Exception as why:  # noqa: BLE001
                unknown.append(f"an attestation of it cannot be read ({type(why).__name__})")
        return Attested(
            filename=filename,
            publishers=tuple(found),
            invalid="; ".join(invalid)[: limits.MAX_EXCERPT],
            unknown="; ".join(unknown)[: limits.MAX_EXCERPT],
        )

    def _roots(self) -> _Roots:
        if self._known is None:
            if self._path is not None:
                self._known = _read(self._path)
            else:
                with resources.as_file(resources.files("sigstore._store").joinpath(*_STORE)) as path:
                    self._known = _read(path)
        return self._known


def _read(path: Path) -> _Roots:
    """A trust root (Sigstore's TrustedRoot message as JSON); raises UsageError."""
    from cryptography.x509 import load_der_x509_certificate
    from sigstore.errors import Error
    from sigstore.models import TrustedRoot
    from sigstore.verify import Verifier

    try:
        if path.stat().st_size > limits.MAX_TRUSTED_ROOT:
            why = f"it is larger than {limits.MAX_TRUSTED_ROOT} bytes"
        else:
            raw: dict[str, Any] = msgspec.json.decode(path.read_bytes())
            logs = [log["logId"]["keyId"] for kind in ("tlogs", "ctlogs") for log in raw[kind]]
            chains = [one["certChain"]["certificates"] for one in raw["certificateAuthorities"]]
            certificates = [base64.b64decode(one["rawBytes"]) for chain in chains for one in chain]
            names = [load_der_x509_certificate(one).subject.public_bytes() for one in certificates]
            verifier = Verifier(trusted_root=TrustedRoot.from_file(str(path)))
            return _Roots(verifier, frozenset(logs), frozenset(names))
    except OSError as failed:
        why = failed.strerror or "it cannot be read"
    except (msgspec.MsgspecError, ValueError, LookupError, TypeError, AttributeError, Error) as failed:
        why = type(failed).__name__
    raise UsageError(f"{path} is no trust root of Sigstore: {why}")


def _judged(
    bundle: AttestationBundle, one: Attestation, filename: str, sha256: Digest, roots: _Roots
) -> None:
    """Raises _Invalid or _Unknown unless the attestation holds for that file and that publisher."""
    from pypi_attestations import ConversionError
    from sigstore.errors import VerificationError

    # 1. It must be about this very file; that takes no trust in anybody.
    _about(one.envelope.statement, filename, sha256)
    # 2. Whoever vouches must be known here, else nothing can be said.
    for why in _strangers(one, roots):
        raise _Unknown(why)
    # 3. Certificate, signature, log entry and their times; and the certificate must be the publisher's.
    try:
        policy = bundle.publisher._as_policy()  # noqa: SLF001 (Attestation.verify has no way to give a trust root)
        kind, payload = roots.verifier.verify_dsse(one.to_bundle(), policy)
    except ConversionError:
        raise _Unknown("an attestation of it is in a form that this version cannot read") from None
    except VerificationError as why:
        raise _Invalid(_sentence(why)) from None
    # 4. What was signed is what was read, and of a kind that is known.
    if kind != _STATEMENT:
        raise _Invalid("what is signed is no statement")
    _about(payload, filename, sha256)


def _about(payload: bytes, filename: str, sha256: Digest) -> None:
    """Raises _Invalid unless the statement names that file with that digest."""
    from pypi_attestations import AttestationType

    try:
        statement = msgspec.json.decode(payload, type=_Statement)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _Unknown("an attestation of it states what cannot be read") from None
    if statement.predicate_type not in {one.value for one in AttestationType}:
        raise _Unknown("an attestation of it is of a kind that this version does not know")
    if len(statement.subject) != 1:
        raise _Invalid("it is of several files at once")
    (subject,) = statement.subject
    if not _same_file(subject.name, filename):
        raise _Invalid(f"it is of another file, {subject.name[:100]}")
    if subject.digest.get("sha256") != sha256:
        raise _Invalid("it is of other bytes")


def _strangers(one: Attestation, roots: _Roots) -> Iterator[str]:
    """Who vouches for the attestation and is unknown here."""
    from cryptography import x509

    material = one.verification_material
    entry = msgspec.convert(material.transparency_entries[0], type=_Entry, strict=False)
    form = (entry.kind_version.kind, entry.kind_version.version)
    if form not in _TIMED or not entry.inclusion_promise:
        yield "an attestation of it has no time that this version can read"
    if entry.log_id.key_id not in roots.logs:
        yield "an attestation of it is in a log that the trust root at hand does not know"
    certificate = x509.load_der_x509_certificate(material.certificate)
    if certificate.issuer.public_bytes() not in roots.authorities:
        yield "an attestation of it is by an authority that the trust root at hand does not know"
    times = certificate.extensions.get_extension_for_class(x509.PrecertificateSignedCertificateTimestamps)
    if any(base64.b64encode(time.log_id).decode() not in roots.logs for time in times.value):
        yield "the certificate of an attestation is in a log that the trust root at hand does not know"


class _LogId(msgspec.Struct, rename="camel"):
    key_id: str


class _KindVersion(msgspec.Struct):
    kind: str
    version: str


class _Entry(msgspec.Struct, rename="camel"):
    """What is read of an entry of a transparency log before it is verified."""

    log_id: _LogId
    kind_version: _KindVersion
    inclusion_promise: Any = None


def _publisher(bundle: AttestationBundle, one: Attestation) -> Publisher:
    """The publisher that the certificate has been held against."""
    given = bundle.publisher.model_dump()
    repository = given.get("repository") or given.get("email") or given.get("project_id") or ""
    workflow = given.get("workflow") or given.get("workflow_filepath") or given.get("pipeline_definition_id")
    return Publisher(
        kind=str(given["kind"]),
        repository=str(repository)[: limits.MAX_CLAIM],
        workflow=str(workflow or "")[: limits.MAX_CLAIM],
        identifier=one.certificate_claims.get(_REPOSITORY_ID, "")[: limits.MAX_CLAIM],
    )


def _same_file(one: str, other: str) -> bool:
    """Whether two names are of the same file: spelling aside, as the library has it."""
    return one == other or ((found := _parsed(one)) is not None and found == _parsed(other))


def _parsed(filename: str) -> tuple[object, ...] | None:
    try:
        return parse_wheel_filename(filename) if filename.endswith(".whl") else parse_sdist_filename(filename)
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None


def _sentence(why: Exception) -> str:
    """The library's reason, short."""
    return " ".join(str(why).split())[:200] or "it does not verify"
