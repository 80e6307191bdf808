"""A Sigstore of our own: an authority, its log of certificates and its transparency log, all made up.

    sigstore = Sigstore()
    sigstore.write_root(tmp_path / "root.json")
    body = sigstore.provenance("demo-1.0-py3-none-any.whl", digest, GitHub("ada/demo", "release.yml", "7"))

What it signs verifies as the real thing does, with its own trust root in place of the real one. Options of
`attestation` make it wrong in one way each.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pypi_attestations import AttestationType

_STATEMENT = "application/vnd.in-toto+json"
_FULCIO = "1.3.6.1.4.1.57264.1"
_SCTS = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_SHA = "0" * 40


@dataclass(frozen=True, slots=True)
class GitHub:
    """A workflow of a repository, and the number of the repository."""

    repository: str
    workflow: str = "release.yml"
    identifier: str = "1"

    @property
    def told(self) -> dict[str, Any]:
        """As an index names it."""
        return {"kind": "GitHub", "repository": self.repository, "workflow": self.workflow}


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _number(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The number of a log (RFC 6962, section 3.2)."""
    return hashlib.sha256(_spki(key)).digest()


def _sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _der_text(text: str) -> bytes:
    return _der(0x0C, text.encode())


def _der(tag: int, data: bytes) -> bytes:
    """A value of up to 255 bytes."""
    length = bytes([len(data)]) if len(data) < 128 else bytes([0x81, len(data)])
    return bytes([tag]) + length + data


@dataclass(slots=True)
class Sigstore:
    """One instance; `at` is when everything is signed."""

    name: str = "throw-away sigstore"
    at: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(days=1))
    authority_key: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    ct_key: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    log_key: ec.EllipticCurvePrivateKey = field(default_factory=_key)

    def write_root(self, path: Path) -> Path:
        """The trust root, as a file."""
        path.write_text(json.dumps(self.root()), encoding="utf-8")
        return path

    def root(self) -> dict[str, Any]:
        """The trust root."""
        start = {"start": (self.at - timedelta(days=999)).isoformat().replace("+00:00", "Z")}
        chain = {"certificates": [{"rawBytes": _b64(self._authority())}]}
        return {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [self._log(self.log_key, start)],
            "ctlogs": [self._log(self.ct_key, start)],
            "certificateAuthorities": [
                {
                    "subject": {"organization": self.name, "commonName": self.name},
                    "uri": "https://authority.invalid",
                    "certChain": chain,
                    "validFor": start,
                }
            ],
            "timestampAuthorities": [],
        }

    def provenance(self, filename: str, digest: str, publisher: GitHub, **wrong: Any) -> bytes:
        """A provenance object with one attestation of a file; `wrong` as for `attestation`."""
        return provenance([(publisher, self.attestation(filename, digest, publisher, **wrong))])

    def attestation(
        self,
        filename: str,
        digest: str,
        publisher: GitHub,
        *,
        names: str = "",
        of: str = "",
        late: timedelta = timedelta(minutes=1),
        kind: str = AttestationType.PYPI_PUBLISH_V1.value,
        bad_signature: bool = False,
        bad_promise: bool = False,
    ) -> dict[str, Any]:
        """One attestation. Wrong are: the file that it `names`, the digest that it is `of`, a signing so `late` after
        the certificate was made, its signature, the log's promise.
        """
        subject = [{"name": names or filename, "digest": {"sha256": of or digest}}]
        statement = json.dumps(
            {
                "_type": "https://in-toto.io/Statement/v1",
                "subject": subject,
                "predicateType": kind,
                "predicate": None,
            }
        ).encode()
        key = _key()
        certificate = self._leaf(key, publisher)
        signature = _sign(key, _pae(b"other" if bad_signature else statement))
        entry = self._entry(certificate, statement, signature, self.at + late)
        if bad_promise:
            entry["inclusionPromise"] = {"signedEntryTimestamp": _b64(_sign(_key(), b""))}
        return {
            "version": 1,
            "verification_material": {
                "certificate": _b64(certificate.public_bytes(serialization.Encoding.DER)),
                "transparency_entries": [entry],
            },
            "envelope": {"statement": _b64(statement), "signature": _b64(signature)},
        }

    def _log(self, key: ec.EllipticCurvePrivateKey, valid: dict[str, str]) -> dict[str, Any]:
        return {
            "baseUrl": "https://log.invalid",
            "hashAlgorithm": "SHA2_256",
            "publicKey": {
                "rawBytes": _b64(_spki(key)),
                "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                "validFor": valid,
            },
            "logId": {"keyId": _b64(_number(key))},
        }

    def _named(self) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])

    def _authority(self) -> bytes:
        public = self.authority_key.public_key()
        made = (
            x509.CertificateBuilder()
            .subject_name(self._named())
            .issuer_name(self._named())
            .public_key(public)
            .serial_number(1)
            .not_valid_before(self.at - timedelta(days=999))
            .not_valid_after(self.at + timedelta(days=999))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(self.authority_key, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.DER)

    def _leaf(self, key: ec.EllipticCurvePrivateKey, publisher: GitHub) -> x509.Certificate:
        """A certificate for ten minutes, with the log's promise to publish it (RFC 6962, section 3.3)."""
        place = f"https://github.com/{publisher.repository}"
        workflow = f"{place}/.github/workflows/{publisher.workflow}@refs/tags/v1"
        claims = {8: "https://token.actions.githubusercontent.com", 12: place, 13: _SHA, 14: "refs/tags/v1"}
        claims |= {15: publisher.identifier, 18: workflow}
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([]))
            .issuer_name(self._named())
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.at)
            .not_valid_after(self.at + timedelta(minutes=10))
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.authority_key.public_key()),
                critical=False,
            )
            .add_extension(
                x509.SubjectAlternativeName([x509.UniformResourceIdentifier(workflow)]), critical=True
            )
        )
        for number, text in claims.items():
            oid = x509.ObjectIdentifier(f"{_FULCIO}.{number}")
            builder = builder.add_extension(x509.UnrecognizedExtension(oid, _der_text(text)), critical=False)
        before = builder.sign(self.authority_key, hashes.SHA256())
        promise = self._promise(before.tbs_certificate_bytes)
        promised = builder.add_extension(x509.UnrecognizedExtension(_SCTS, promise), critical=False)
        return promised.sign(self.authority_key, hashes.SHA256())

    def _promise(self, certificate: bytes) -> bytes:
        """One signed certificate timestamp, as the extension holds it."""
        moment = struct.pack("!Q", int(self.at.timestamp() * 1000))
        issuer = _number(self.authority_key)
        entry = b"\x00\x01" + issuer + len(certificate).to_bytes(3, "big") + certificate + b"\x00\x00"
        signature = _sign(self.ct_key, b"\x00\x00" + moment + entry)
        stamp = b"\x00" + _number(self.ct_key) + moment + b"\x00\x00" + b"\x04\x03" + _sized(signature)
        return _der(0x04, _sized(_sized(stamp)))

    def _entry(
        self, certificate: x509.Certificate, statement: bytes, signature: bytes, when: datetime
    ) -> dict[str, Any]:
        """An entry of a log that has no other."""
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        body = json.dumps(
            {
                "apiVersion": "0.0.1",
                "kind": "dsse",
                "spec": {
                    "envelopeHash": {"algorithm": "sha256", "value": "0" * 64},
                    "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(statement).hexdigest()},
                    "signatures": [{"signature": _b64(signature), "verifier": _b64(pem)}],
                },
            },
            separators=(",", ":"),
        ).encode()
        number, moment = _number(self.log_key), int(when.timestamp())
        promised = {"body": _b64(body), "integratedTime": moment, "logID": number.hex(), "logIndex": 0}
        canonical = json.dumps(promised, separators=(",", ":"), sort_keys=True).encode()
        root = hashlib.sha256(b"\x00" + body).digest()
        note = f"log.invalid - 1\n1\n{_b64(root)}\n"
        signed = _b64(number[:4] + _sign(self.log_key, note.encode()))
        return {
            "logIndex": "0",
            "logId": {"keyId": _b64(number)},
            "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": str(moment),
            "inclusionPromise": {"signedEntryTimestamp": _b64(_sign(self.log_key, canonical))},
            "inclusionProof": {
                "logIndex": "0",
                "rootHash": _b64(root),
                "treeSize": "1",
                "hashes": [],
                "checkpoint": {"envelope": f"{note}\n\u2014 log.invalid {signed}\n"},
            },
            "canonicalizedBody": _b64(body),
        }


def provenance(bundles: Iterable[tuple[GitHub, dict[str, Any]]]) -> bytes:
    """A provenance object of several publishers' attestations."""
    made = [{"publisher": one.told, "attestations": [attestation]} for one, attestation in bundles]
    return json.dumps({"version": 1, "attestation_bundles": made}).encode()


def _sized(data: bytes) -> bytes:
    return struct.pack("!H", len(data)) + data


def _pae(payload: bytes) -> bytes:
    """What is signed of an envelope (DSSE)."""
    return b" ".join(
        [b"DSSEv1", str(len(_STATEMENT)).encode(), _STATEMENT.encode(), str(len(payload)).encode(), payload]
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    """The key usage of an authority (`signs` certificates) or of who signs a file."""
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
