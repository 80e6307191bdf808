"""Commands of an environment that bear the name of one that people expect from elsewhere."""

from __future__ import annotations

import os
import re

#: What a shell finds in an activated environment before the system's own: nobody's project is called to be these.
_COMMANDS = (
    "bash sh zsh fish dash ksh tcsh csh env ls cat cp mv rm ln mkdir rmdir touch chmod chown chgrp find grep "
    "egrep fgrep sed awk gawk mawk head tail sort uniq cut tr wc tee xargs which whereis type test true false "
    "echo printf date sleep kill killall pkill ps top htop df du mount umount lsof stat file less more vi vim "
    "nano emacs diff patch cmp tar gzip gunzip zcat bzip2 xz unzip zip zstd sha256sum sha1sum md5sum base64 "
    "dd id whoami groups passwd su sudo doas chroot login newgrp visudo useradd usermod crontab at systemctl "
    "service journalctl dmesg uname hostname ip ifconfig netstat ss ping traceroute dig nslookup host nc ncat "
    "socat telnet curl wget ssh scp sftp rsync ssh-add ssh-agent ssh-keygen ssh-copy-id gpg gpg2 gpgconf "
    "pinentry openssl git git-remote-https hg svn gh glab docker podman kubectl helm terraform aws-vault "
    "gcloud az make gcc g++ cc c++ clang ld as ar nm strip objdump gdb strace ltrace apt apt-get dpkg yum dnf "
    "rpm pacman apk zypper brew snap flatpak node npm npx yarn pnpm cargo rustc go java javac mvn gradle ruby "
    "gem perl php psql mysql sqlite3 redis-cli screen tmux xclip open xdg-open osascript powershell pwsh cmd "
)
_SYSTEM = frozenset(_COMMANDS.split())
#: Tools of Python's own, and the projects whose they are.
_OWNED = {
    "pip": {"pip"},
    "python": set(),
    "pydoc": set(),
    "easy_install": {"setuptools", "distribute"},
    "wheel": {"wheel"},
    "uv": {"uv"},
    "uvx": {"uv"},
    "pipx": {"pipx"},
    "poetry": {"poetry"},
    "pdm": {"pdm"},
    "hatch": {"hatch"},
    "pipenv": {"pipenv"},
    "conda": {"conda"},
    "mamba": {"mamba"},
    "virtualenv": {"virtualenv"},
    "twine": {"twine"},
    "flit": {"flit"},
    "tox": {"tox"},
    "nox": {"nox"},
    "pytest": {"pytest"},
    "ruff": {"ruff"},
    "mypy": {"mypy"},
    "black": {"black"},
    "aws": {"awscli", "awscliv2"},
    "stockade": {"stockade"},
}
_ENDING = re.compile(r"(?:\.exe|\.py|\.bat|\.cmd|\.ps1)\Z")
_NUMBERED = re.compile(r"(python|pip|pydoc|easy_install)[-\d.]*t?w?")

#: What makers of environments and interpreters put beside the commands of distributions, which no RECORD lists.
_MAKERS = re.compile(
    r"(?:[Aa]ctivate(?:\.\w+)?|activate_this\.py|deactivate(?:\.\w+)?|pydoc\.bat|pyvenv(?:-[\d.]+)?"
    r"|(?:python|pypy|graalpy|pythonw|python-config|pyvenv|pydoc|idle|2to3|smtpd\.py)[-\d.]*t?w?(?:-config|-gdb\.py)?"
    r"|python[\d.]*t?(?:m|d|dm)?(?:-config)?|pythonw?(?:_d)?\.exe|libpypy3[\w.-]*|python\.app"
    r"|(?:pip|easy_install|idle|pydoc|2to3)[-\d.]*)"
)
_INTERPRETER = re.compile(r"(?:python|pypy|graalpy)[\d.]*t?w?(?:\.exe)?")
#: ELF, Mach-O of both orders and of several architectures, and Windows' programs.
_PROGRAMS = (
    b"\x7fELF",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xcf",
    b"MZ",
)


def shadows(name: str, project: str) -> str:
    """Why a command of that name that `project` ("" for nobody) brings hides another; "" where it hides none."""
    plain = _ENDING.sub("", name)
    if plain in _SYSTEM:
        return f"in an activated environment it runs in place of the system's {plain}"
    match = _NUMBERED.fullmatch(plain)
    owners = _OWNED.get(match[1] if match else plain)
    if owners is None or project in owners:
        return ""
    return f"it bears the name of {plain}, which is another's"


def by_a_maker(name: str) -> bool:
    """Whether makers of environments, or an interpreter's own installation, put a file of that name beside commands."""
    return _MAKERS.fullmatch(name) is not None


def poses_as_interpreter(path: str) -> bool:
    """Whether a file that is named like an interpreter is no program; links are the usual case, and none of this."""
    if not _INTERPRETER.fullmatch(os.path.basename(path)):
        return False
    try:
        with open(path, "rb", opener=_plain) as file:
            return not file.read(4).startswith(_PROGRAMS)
    except OSError:
        return False


def _plain(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
