"""What a project says of itself that a known one says of itself, word for word. Pure; what is not told is no fact.

One known project is compared, the one that this one may be taken for or whose repository it gives as its own. Forks
that say that they are, variants of one thing, and projects of the same accounts are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import getaddresses

from stockade.analyse.identity.family import family, siblings
from stockade.analyse.identity.history import ESTABLISHED, borrowed
from stockade.analyse.identity.names import Names
from stockade.model.identity import Claims, ProjectHistory
from stockade.model.project import ProjectName

#: Letters and digits, apart by single spaces, from which a summary is long enough to be nobody else's by chance;
#: "Kubernetes python client" (24) is what anybody would call one.
SUMMARY = 25
#: The same of a description; shorter ones are what templates and placeholders leave.
DESCRIPTION = 400
#: The share of a description that is lines of a known one.
SHARED = 0.9
#: What templates of projects say, in the same form.
_TEMPLATES = frozenset(
    {
        "a short description of the package",
        "a short description of the project",
        "a short description of your project",
        "a simple python package",
        "a small example package",
        "add a short description here",
        "add your description here",
        "default template for pdm package",
        "project description here",
        "python boilerplate contains all the boilerplate you need to create a python package",
        "the author of this package has not provided a project description",
    }
)
_NOBODY = frozenset({"author name", "first last", "john doe", "your name", "the authors", "the developers"})
_EXAMPLES = ("example.com", "example.net", "example.org")
_BETWEEN = re.compile(r"[\W_]+")
_FORK = re.compile(r"\b(?:fork|forked|forks|mirror|rebuild|repackaged|repackaging)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedDescription:
    """A description, or only a summary (`what`), that is the one of `target`; `excerpt` is how it begins."""

    target: ProjectName
    what: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedAuthor:
    """The author or maintainer of `target`, given as its own by a project that other accounts own."""

    target: ProjectName
    who: str


def model(
    history: ProjectHistory, names: Names, repositories: Mapping[str, tuple[ProjectName, ...]]
) -> ProjectName | None:
    """The known project that a new one may have been made after; None where it is known itself, or like none."""
    if history.claims is None or history.age is None or history.age >= ESTABLISHED:
        return None
    about = names.about(history.project)
    if about.known:
        return None
    like = next((one for one in about.lookalikes if one.downloads is not None), None)
    if like is not None:
        return ProjectName(like.target)
    links = list(borrowed(history, repositories))
    return links[0].owner if links else None


def copies(
    history: ProjectHistory, target: ProjectName, theirs: Claims
) -> tuple[CopiedDescription | ClaimedAuthor, ...]:
    """What `history` claims of itself and `theirs`, the claims of `target`, do as well."""
    claims, project = history.claims, history.project
    if claims is None or project == target or family(project, target) or siblings(project, target):
        return ()
    if _same_owners(claims, theirs) or _says_fork(project, claims, theirs):
        return ()
    return (*_copied(claims, theirs, target), *_claimed(claims, theirs, target))


def _copied(claims: Claims, theirs: Claims, target: ProjectName) -> Iterator[CopiedDescription]:
    if _same_description(claims.description, theirs.description):
        yield CopiedDescription(target=target, what="description", excerpt=_begin(claims.description))
        return
    summary = _plain(claims.summary)
    if len(summary) >= SUMMARY and summary not in _TEMPLATES and summary == _plain(theirs.summary):
        yield CopiedDescription(target=target, what="summary", excerpt=_begin(claims.summary))


def _same_description(mine: str, theirs: str) -> bool:
    """Nearly all of the one is lines of the other, and that is enough text to tell."""
    lines, known = _lines(mine), set(_lines(theirs))
    shared = sum(len(line) for line in lines if line in known)
    return shared >= max(DESCRIPTION, SHARED * sum(map(len, lines)))


def _claimed(claims: Claims, theirs: Claims, target: ProjectName) -> Iterator[ClaimedAuthor]:
    """Only where both are known to be owned, and by others."""
    if claims.owners is None or theirs.owners is None:
        return
    shared = _people(claims).keys() & _people(theirs).keys()
    for one in sorted(shared)[:1]:
        yield ClaimedAuthor(target=target, who=_people(claims)[one])


def _people(claims: Claims) -> dict[str, str]:
    """Addresses and whole names of author and maintainer, as they compare and as they are written."""
    given = getaddresses([claims.author_email, claims.maintainer_email])
    found = {
        address.casefold(): address
        for _, address in given
        if "@" in address and not address.casefold().endswith(_EXAMPLES)
    }
    for name in (claims.author, claims.maintainer, *(name for name, _ in given)):
        plain = _plain(name)
        if " " in plain and plain not in _NOBODY:  # one word is a nickname, or no name
            found.setdefault(plain, name)
    return found


def _same_owners(claims: Claims, theirs: Claims) -> bool:
    if claims.organization and claims.organization == theirs.organization:
        return True
    return bool(set(claims.owners or ()) & set(theirs.owners or ()))


def _says_fork(project: ProjectName, claims: Claims, theirs: Claims) -> bool:
    """Whether its name, or what it says beside what is the known project's own text, calls it a fork."""
    known = {_plain(theirs.summary), *_lines(theirs.description)}
    said = [_plain(project), _plain(claims.summary), *_lines(claims.description)]
    return any(_FORK.search(line) for line in said if line not in known)


def _lines(text: str) -> list[str]:
    return [plain for line in text.splitlines() if (plain := _plain(line))]


def _plain(text: str) -> str:
    """Words alone: no case, white space, or punctuation."""
    return _BETWEEN.sub(" ", text.casefold()).strip()


def _begin(text: str) -> str:
    return " ".join(text[:400].split())[:80]
