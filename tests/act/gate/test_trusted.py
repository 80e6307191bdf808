"""Which certificates a gated command still trusts."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.act.gate.trusted import bundle
from tests.support.machine import Machine

ONE = b"-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----"
TWO = b"-----BEGIN CERTIFICATE-----\nREVG\n-----END CERTIFICATE-----"
KEY = b"-----BEGIN PRIVATE KEY-----\nR0hJ\n-----END PRIVATE KEY-----"


def test_files_that_the_environment_names_are_joined_and_nothing_else_is_trusted(tmp_path: Path) -> None:
    (tmp_path / "one.pem").write_bytes(b"# Ours\n" + ONE)
    (tmp_path / "two.pem").write_bytes(TWO + b"\n" + ONE)
    env = {"SSL_CERT_FILE": str(tmp_path / "one.pem"), "PIP_CERT": str(tmp_path / "two.pem")}
    assert bundle(env) == ONE + b"\n" + TWO + b"\n"


def test_a_private_key_beside_a_certificate_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "both.pem").write_bytes(KEY + b"\n" + ONE)
    assert bundle({"REQUESTS_CA_BUNDLE": str(tmp_path / "both.pem")}) == ONE + b"\n"


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_bytes(ONE)
    (tmp_path / "b.txt").write_bytes(b"nothing")
    assert bundle({"REQUESTS_CA_BUNDLE": str(tmp_path)}) == ONE + b"\n"


@pytest.mark.parametrize("env", [{}, {"SSL_CERT_FILE": "/there/is/none.pem"}])
def test_otherwise_what_python_trusts(env: dict[str, str]) -> None:
    assert bundle(env).count(b"BEGIN CERTIFICATE") > 50


def test_pips_settings_name_one_too(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.write("/corporate.pem", ONE.decode())
    machine.write("~/.config/pip/pip.conf", f"[global]\ncert = {tmp_path}/root/corporate.pem\n")
    assert bundle({}, machine.world()) == ONE + b"\n"


def test_settings_that_pip_refuses_name_none(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.write("~/.config/pip/pip.conf", "[[[")
    assert bundle({}, machine.world()).count(b"BEGIN CERTIFICATE") > 50
