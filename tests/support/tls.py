"""A throw-away certificate authority for loopback servers, made when a test asks for it."""

from __future__ import annotations

import importlib.util
import shutil
import ssl
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files: the authority, a server's chain with its key, and a client's chain with its key."""

    authority: Path
    server: Path
    client: Path

    def server_context(self, *, ask_client: bool = False) -> ssl.SSLContext:
        """A server's context; with `ask_client` it refuses whoever shows no certificate of ours."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server)
        if ask_client:
            context.load_verify_locations(self.authority)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


def make_certificates(folder: Path, *, by: str | None = None) -> Certificates:
    """An authority, a server for 127.0.0.1 and localhost, and a client, valid for a day, in `folder`.

    `by` is ``cryptography`` or ``openssl``; by default the first of them that is here.
    """
    if by is None:
        by = "cryptography" if importlib.util.find_spec("cryptography") else "openssl"
    folder.mkdir(parents=True, exist_ok=True)
    if by == "cryptography":
        return _by_cryptography(folder)
    return _by_openssl(folder)


def have_openssl() -> bool:
    """Whether the openssl command is on the path."""
    return shutil.which("openssl") is not None


def _by_cryptography(folder: Path) -> Certificates:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = datetime.now(UTC)
    authority_key = ec.generate_private_key(ec.SECP256R1())

    def name(common: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

    def certificate(common: str, key: ec.EllipticCurvePrivateKey, *, authority: bool) -> bytes:
        public = key.public_key()
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
        alternatives = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
        built = (
            x509.CertificateBuilder()
            .subject_name(name(common))
            .issuer_name(name("Throw-away authority"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(issuer_key, critical=False)
        )
        if authority:
            built = built.add_extension(_signs_certificates(), critical=True)
        else:
            built = built.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        return built.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def pair(common: str) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = folder / f"{common}.pem"
        path.write_bytes(certificate(common, key, authority=False) + private)
        return path

    authority = folder / "authority.pem"
    authority.write_bytes(certificate("Throw-away authority", authority_key, authority=True))
    return Certificates(authority, pair("server"), pair("client"))


def _signs_certificates() -> x509.KeyUsage:
    from cryptography import x509

    never = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment")
    rare = ("key_agreement", "encipher_only", "decipher_only")
    return x509.KeyUsage(key_cert_sign=True, crl_sign=True, **dict.fromkeys(never + rare, False))


def _by_openssl(folder: Path) -> Certificates:
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]

    def openssl(common: str, *more: str) -> None:
        out = ["-keyout", f"{common}.key", "-out", f"{common}.crt", "-subj", f"/CN={common}"]
        command = ["openssl", "req", "-x509", *curve, *out, *more]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=30)

    def pair(common: str) -> Path:
        names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
        signed = ["-CA", "authority.crt", "-CAkey", "authority.key"]
        openssl(common, *signed, "-addext", names, "-addext", "basicConstraints=critical,CA:FALSE")
        path = folder / f"{common}.pem"
        path.write_bytes((folder / f"{common}.crt").read_bytes() + (folder / f"{common}.key").read_bytes())
        return path

    openssl("authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    return Certificates(folder / "authority.crt", pair("server"), pair("client"))
