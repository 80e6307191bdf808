"""What is in packaging/ and in docs/gate.md parses, and every command in it is one."""

from __future__ import annotations

import configparser
import plistlib
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from stockade.act.gate.address import DEFAULT_PORT, HEALTH
from stockade.cli import COMMANDS, parser

ROOT = Path(__file__).parents[1]
PACKAGING = ROOT / "packaging"
UNITS = sorted(PACKAGING.rglob("*.service"))
GUIDE = (ROOT / "docs/gate.md").read_text(encoding="utf-8")


def understood(words: list[str]) -> None:
    """The command line is one of ours."""
    command = parser(words[0]).parse_args(words)
    assert command.command == words[0]


def unit(path: Path) -> dict[str, dict[str, list[str]]]:
    """A unit's settings; each may stand several times."""
    found: dict[str, dict[str, list[str]]] = {}
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(section, {}).setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("path", UNITS, ids=lambda path: str(path.parent.name))
def test_units(path: Path) -> None:
    plain = configparser.RawConfigParser(strict=False, interpolation=None)
    plain.optionxform = str  # type: ignore[assignment, method-assign]
    plain.read_string(path.read_text(encoding="utf-8"))
    assert set(plain.sections()) == {"Unit", "Service", "Install"}
    service = unit(path)["Service"]
    assert service["NoNewPrivileges"] == ["yes"] and service["ProtectSystem"] == ["strict"]
    # YARA rules are compiled to machine code.
    assert "MemoryDenyWriteExecute" not in service
    program, *words = shlex.split(service["ExecStart"][0])
    assert program.endswith("/stockade")
    understood(words)


def test_the_system_unit_lets_the_analysers_build_their_walls() -> None:
    service = unit(PACKAGING / "systemd/stockade-gate.service")["Service"]
    calls = " ".join(service["SystemCallFilter"]).split()
    assert {"@system-service", "landlock_restrict_self", "seccomp", "capset"} <= set(calls)
    assert service["DynamicUser"] == ["yes"]


def test_launchd() -> None:
    found = plistlib.loads((PACKAGING / "launchd/stockade.gate.plist").read_bytes())
    assert found["Label"] == "stockade.gate" and found["RunAtLoad"] is True
    assert found["Umask"] == 0o077
    _, *words = shlex.split(found["ProgramArguments"][-1].removeprefix("exec "))
    understood(words)


def test_the_container() -> None:
    text = (PACKAGING / "container/Containerfile").read_text(encoding="utf-8")
    images = re.findall(r"(?m)^FROM (\S+)", text)
    assert images and all("/" not in one and ":" in one for one in images)
    assert re.findall(r"(?m)^USER (\S+)", text) == ["stockade"]
    assert f"EXPOSE {DEFAULT_PORT}" in text and f"127.0.0.1:{DEFAULT_PORT}{HEALTH}" in text
    for source in re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", text):
        assert all((ROOT / one).exists() for one in source.split())
    (words,) = re.findall(r"(?m)^CMD (\[.+\])$", text)
    understood([one.strip('" ') for one in words.strip("[]").split(",")])


def test_the_guides_commands() -> None:
    blocks = re.findall(r"(?ms)^```(?:sh|yaml|dockerfile)\n(.*?)^```", GUIDE)
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    inline = re.findall(r"`(stockade [a-z]+ --[^`…]+)`", GUIDE)
    found = [
        match[1] for line in [*lines, *inline] if (match := re.search(r"(?:^|[ /])stockade (\w+ .*)$", line))
    ]
    commands = [words for one in found if (words := shlex.split(one))[0] in COMMANDS]
    assert len(commands) > 8
    for words in commands:
        understood(words)


def test_the_guides_files_are_there() -> None:
    for name in re.findall(r"packaging/[\w./-]+", GUIDE):
        assert (ROOT / name.rstrip(".")).exists(), name


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="waits for systemd-analyze")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.parent.name)
def test_systemd_takes_the_units(path: Path, tmp_path: Path) -> None:
    """Every key is known to it and every value is one; only the program that is to be started is not installed here."""
    there = tmp_path / path.name
    text, count = re.subn(
        r"^ExecStart=\S+", "ExecStart=/bin/sh", path.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert count == 1
    there.write_text(text, encoding="utf-8")
    user = ["--user"] if path.parent.name == "user" else []
    done = subprocess.run(
        ["systemd-analyze", "verify", *user, "--recursive-errors=no", there],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    said = [line for line in done.stderr.splitlines() if path.name in line]
    assert (said, done.returncode) == ([], 0), done.stderr


AUDITS = (
    ROOT / ".pre-commit-hooks.yaml",
    PACKAGING / "github/audit/action.yml",
    PACKAGING / "gitlab/audit.yml",
)


@pytest.mark.parametrize("path", AUDITS, ids=lambda path: path.name)
def test_every_audit_in_packaging_is_a_command_of_ours(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = re.findall(r"stockade audit (.+)$", text, re.MULTILINE)
    assert lines
    for line in lines:
        if line.startswith("after") or "#" in line:
            continue
        # What a shell would put in: a path, and an option that may be left out.
        plain = re.sub(r"\$\{AUDIT_AGAINST:\+(--against) \"\$AUDIT_AGAINST\"\}", r"\1 uv.lock", line)
        plain = re.sub(r"\"\$\w+\"", "x", plain)
        words = shlex.split(plain)
        understood(["audit", *words])


def test_the_hook_runs_for_each_kind_of_lock() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    (given,) = re.findall(r"^  args: \[(.+)\]$", text, re.MULTILINE)
    understood(["audit", *given.split(", ")])
    assert "pass_filenames: false" in text, "a second file would be taken for the environment"
    (pattern,) = re.findall(r"^  files: (.+)$", text, re.MULTILINE)
    for name in (
        "uv.lock",
        "sub/poetry.lock",
        "pylock.toml",
        "pylock.dev.toml",
        "requirements-dev.txt",
        "Pipfile.lock",
    ):
        assert re.search(pattern, name), name
    assert not re.search(pattern, "src/lock.py")
