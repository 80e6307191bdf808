"""Options of the installers' command lines: which take a value, and which of those say what is installed or whence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stockade.act.gate.hook.shell import Word

# What a value is for; IGNORED are the others.
IGNORED, REQUIREMENT, FILE, CONSTRAINT, EDITABLE = "ignored", "requirement", "file", "constraint", "editable"
INDEX, EXTRA, LINKS, TRUSTED, PROXY, FOLDER = "index", "extra", "links", "trusted", "proxy", "folder"
FROM, SCRIPT, PRE, GROUP = "from", "script", "pre", "group"


def _table(**roles: str) -> dict[str, str]:
    return {option: role for role, options in roles.items() for option in options.split()}


_INDEXES = _table(
    index="-i --index-url --default-index --pypi-url",
    extra="--extra-index-url --index",
    links="-f --find-links",
    trusted="--trusted-host --allow-insecure-host",
)
PIP = _INDEXES | _table(
    file="-r --requirement --requirements",
    constraint="-c --constraint --constraints",
    editable="-e --editable",
    proxy="--proxy",
    group="--group",
    ignored="-t --target --platform --python-version --implementation --abi --root --prefix --src -C --config-settings"
    " --upgrade-strategy --global-option --build-option --install-option --no-binary --only-binary --progress-bar"
    " --root-user-action --report --python --log --retries --timeout --exists-action --cert --client-cert"
    " --cache-dir --use-feature --use-deprecated -d --dest --build-constraint --keyring-provider --hash -w --wheel-dir"
    " -b --build --requirements-from-script --uploaded-prior-to",
)
UV_PIP = PIP | _table(
    folder="--directory --project",
    ignored="-p --python --index-strategy --keyring-provider --resolution --prerelease --exclude-newer --link-mode"
    " --override --overrides --excludes -b --build-constraints --extra --torch-backend --refresh-package -P"
    " --upgrade-package --reinstall-package --config-file --color --python-platform --config-setting --fork-strategy"
    " --config-settings-package --no-build-isolation-package --exclude-newer-package -o --output-file",
)
UV = UV_PIP | _table(
    requirement="--with -w",
    file="--with-requirements",
    editable="--with-editable",
    script="--script",
    **{"from": "--from"},
    ignored="--no-extra --only-group --no-group --group --no-build-package --no-binary-package --package --branch --tag"
    " --rev --bounds -m --marker --optional --env-file --no-install-package",
)
#: Of `uv run` it is a flag.
UV_RUN = {option: role for option, role in UV.items() if role != "script"}
PIPX = _INDEXES | _table(
    requirement="--preinstall --with",
    ignored="--python --pip-args -a --suffix --fetch-missing-python --backend --skip --include-deps",
    **{"from": "--spec"},
)
POETRY = _table(
    ignored="-G --group -E --extras --python --platform --source -P --project -m --markers --with --without --only",
    folder="-C --directory",
)
PDM = _table(
    editable="-e --editable",
    ignored="-G --group -L --lockfile --save-strategy --update-strategy --venv --config-setting -C --override -S"
    " --strategy --exclude-newer -x --ex --without --with",
    folder="-p --project",
)
#: Flags without a value that change what is taken.
_FLAGS = {"--pre": PRE, "--prerelease=allow": PRE, "--prereleases": PRE, "--allow-prereleases": PRE}


@dataclass(slots=True)
class Given:
    """A command line taken apart: words that are no options, values by what they are for, flags, and what follows."""

    words: list[Word] = field(default_factory=list)
    values: dict[str, list[Word]] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    rest: list[Word] = field(default_factory=list)

    def all(self, role: str) -> list[Word]:
        """The values for one thing."""
        return self.values.get(role, [])

    @property
    def every(self) -> list[Word]:
        """All words that say what is installed, or whence."""
        return [
            *self.words,
            *(word for role, some in self.values.items() if role != IGNORED for word in some),
        ]


def given(words: Sequence[Word], table: Mapping[str, str], *, stop: int | None = None) -> Given:
    """Take `words` apart; behind `stop` words that are no options the others are `rest`, as those behind ``--``."""
    found = Given()
    at = 0
    while at < len(words):
        word = words[at]
        text = word.text
        at += 1
        if text == "--":
            found.rest = list(words[at:])
            if stop is None or len(found.words) < stop:
                kept = len(found.rest) if stop is None else stop - len(found.words)
                found.words += found.rest[:kept]
                found.rest = found.rest[kept:]
            return found
        if not text.startswith("-") or text == "-":
            found.words.append(word)
            if stop is not None and len(found.words) >= stop:
                found.rest = list(words[at:])
                return found
            continue
        name, value, taken = _option(word, table)
        if not name:
            found.flags.add(text)
            if text in _FLAGS:
                found.values.setdefault(_FLAGS[text], []).append(word)
        elif not taken and at < len(words):
            found.values.setdefault(table[name], []).append(words[at])
            at += 1
        else:
            found.values.setdefault(table[name], []).append(value)
    return found


def _option(word: Word, table: Mapping[str, str]) -> tuple[str, Word, bool]:
    """The option of `table` that a word is ("" for none), its value, and whether that stands in the same word."""
    text = word.text
    if text.startswith("--"):
        name, equals, value = text.partition("=")
        if name not in table and text not in _FLAGS:
            # optparse takes any beginning that only one option has; a flag with that very name goes first.
            longer = [one for one in table if len(name) > 4 and one.startswith(name)]
            name = longer[0] if len({table[one] for one in longer}) == 1 and equals else name
        if name in table:
            return name, Word(value, word.dynamic), bool(equals)
        return "", word, False
    if text[:2] in table:
        return text[:2], Word(text[2:].removeprefix("="), word.dynamic), len(text) > 2
    # Several short flags in one word; the last may take a value.
    if len(text) > 2 and f"-{text[-1]}" in table and text[1:].isalpha():
        return f"-{text[-1]}", word, False
    return "", word, False
