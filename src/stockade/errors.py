"""Everything that we expect to fail, as one tree.

Each class says in ``hint`` what a person can do next, and in ``exit_code`` what the process ends with
(the contract in docs/exit-codes.md). The message of an instance says what failed, in one sentence.

    StockadeError                     1  internal
    ├── UsageError                    2  the command line, or a file that a person wrote, is wrong
    │   ├── BadRequirement               a name, a specifier or a requirements file
    │   ├── BadLock                      a lock file
    │   ├── BadPolicy                    stockade.toml, [tool.stockade] or a waiver
    │   │   └── NoPolicy                 a policy file, or one that it names, that isn't there
    │   ├── BadSettings                  an installer's configuration that cannot be changed as asked
    │   ├── BadIndex                     what was named as an index is neither a URL nor a folder
    │   └── BadWatch                     watch.toml
    ├── NothingInspected              3  there was nothing to look at, or none of it could be had
    │   ├── NotFound                     a file or folder that isn't there
    │   ├── NoFeeds                      no copy of a feed of advisories is here
    │   ├── DetonationRefused            what is suspicious is not run: as root, without being told to, a wall missing
    │   ├── ProjectNotFound              the index does not know the name
    │   ├── ResolutionFailed             no set of releases fits
    │   └── IndexUnavailable             down, slow, refusing, or not an index
    │       ├── NotCached                offline, and never asked for before
    │       └── RedirectRefused          to a host that policy does not let an index redirect to
    ├── FetchFailed                  11  one artifact could not be had as pinned
    │   ├── DigestMismatch               other bytes than the index or the lock promised
    │   ├── InsecureRedirect             from https to plain http
    │   ├── Truncated                    fewer bytes than announced
    │   └── TooBig                       more bytes than limits.py allows
    ├── StoreFailed                   1  a cache or a store on disk
    │   ├── RecordFailed                 what was decided, delivered and condemned
    │   └── FeedStoreFailed              the copy of a feed of advisories
    ├── BadReference                  1  the reference of known projects is damaged, or of another version
    ├── BadCounts                     1  what was named as a source of download counts is none
    ├── BadFeed                       1  what was named as a feed of advisories is none, or is damaged
    │   └── FeedIncomplete               one in a form that needs a library which is not installed
    ├── FixFailed                     1  what an audit found could not be mended
    ├── LedgerMissing                 1  what earlier audits saw is asked for, and not to be had
    ├── GateFailed                    1  the gate could not be started, or its libraries are missing
    ├── BadEnvironment                1  a virtual environment with walls could not be made, or was not made here
    ├── JailFailed                    1  a jail could not be built, or not as policy asks
    │   └── JailUnsupported              this machine has nothing to build one of
    ├── NotifyFailed                  1  somebody could not be told
    ├── DecoyFailed                  1  a decoy could not be taken out as it was planted
    ├── ScheduleFailed                1  a regular audit or watch could not be set up, or taken out
    └── WorkerFailed                  1  the confined analyser could not be started at all
"""

from __future__ import annotations


class StockadeError(Exception):
    """Anything we expect to fail."""

    hint = "Run it again with --debug and report what it prints."
    exit_code = 1


class UsageError(StockadeError):
    """The command line, or a file that a person wrote, is wrong."""

    hint = "See `stockade --help`."
    exit_code = 2


class BadRequirement(UsageError):
    """Not a requirement (PEP 508) or not a requirements file."""

    hint = "Write it as pip would take it: NAME, 'NAME==1.2', 'NAME>=1,<2', or -r FILE."


class BadLock(UsageError):
    """A lock file that cannot be read as what its name says."""

    hint = "Make the lock file again with the tool that wrote it, then repeat the check."


class BadPolicy(UsageError):
    """A policy or waiver file that is not valid."""

    hint = "`stockade policy show` prints the effective policy; docs/policy.md lists every key."


class NoPolicy(BadPolicy):
    """A policy file that was named, or a file that a policy names, that isn't there."""

    hint = "Check the path; without --policy the nearest stockade.toml holds, or the defaults."


class BadSettings(UsageError):
    """An installer's configuration that cannot be changed as asked, so that it is left as it is."""

    hint = "Nothing was changed; `stockade enable --dry-run` shows what would be."


class BadWatch(UsageError):
    """watch.toml, which says who is told of what `stockade watch` finds, is not valid."""

    hint = "docs/watch.md lists every key of watch.toml."


class BadIndex(UsageError):
    """What was named as an index is neither a URL nor a folder."""

    hint = "Write it as https://HOST/simple/, or name a folder that exists."


class NothingInspected(StockadeError):
    """There was nothing to look at, or none of it could be had."""

    hint = "Name a package, a lock file, or an archive that exists."
    exit_code = 3


class NotFound(NothingInspected):
    """A file or folder that isn't there."""

    hint = "Check the path."


class NoFeeds(NothingInspected):
    """No feed was ever synced."""

    hint = "`stockade feed sync` fetches them, `stockade feed import FILE` takes them from another machine."


class DetonationRefused(NothingInspected):
    """Something suspicious is not run, since it would not be safe, or nobody said so."""

    hint = "docs/detonation.md says what a detonation needs; nothing was run."


class ProjectNotFound(NothingInspected):
    """The index does not know the project."""

    hint = "Check the spelling before you install anything."


class ResolutionFailed(NothingInspected):
    """No set of releases satisfies the requirements."""

    hint = "Loosen the requirements, or lower minimum-age in the policy if a release is merely new."


class IndexUnavailable(NothingInspected):
    """The index is down, slow, refusing, or not an index."""

    hint = "Check the index URL, credentials and network, then try again; nothing was judged."


class NotCached(IndexUnavailable):
    """Offline, and never asked for before."""

    hint = "Run it once without --offline; what it asks for is kept."


class RedirectRefused(IndexUnavailable):
    """A redirect to a host that policy does not let an index redirect to."""

    hint = "If the index is right to send there, add the host to redirect-hosts in the policy."


class FetchFailed(StockadeError):
    """One artifact could not be had as pinned."""

    hint = "Try again; if it stays, do not install this file."
    exit_code = 11


class DigestMismatch(FetchFailed):
    """Other bytes than the index or the lock promised."""

    hint = "Do not install it. Re-lock if the lock is old; otherwise report it to the index."


class InsecureRedirect(FetchFailed):
    """A redirect from https to plain http."""

    hint = "Do not install it. The index, or something between you and it, lowers the protection."


class Truncated(FetchFailed):
    """Fewer bytes than announced."""

    hint = "Try again; the connection or the index broke off."


class TooBig(FetchFailed):
    """More bytes than limits.py allows."""

    hint = "Look at it by hand, or scan it unpacked."


class StoreFailed(StockadeError):
    """A cache or a store on disk cannot be used."""

    hint = "Free space, or remove the cache folder that the message names; it is rebuilt."


class RecordFailed(StoreFailed):
    """The durable store (decisions, deliveries, condemned files), or the quarantine, cannot be used."""

    hint = (
        "Free space, or give Stockade back its rights to it; restore a damaged one from a copy. "
        "Move it away only if you can do without what it says about condemned files."
    )


class FeedStoreFailed(StoreFailed):
    """The copy of a feed of advisories on this machine cannot be used."""

    hint = "Free space, or remove the file that the message names and run `stockade feed sync`, which makes it again."


class BadReference(StockadeError):
    """The reference of known projects is damaged, is none, or is of another version of Stockade."""

    hint = "Make it again with `stockade reference build`, or do without it by `--reference none`."


class BadCounts(StockadeError):
    """What was named as a source of download counts is none."""

    hint = "Name a CSV or JSON list of projects with their downloads; the counts that were there still hold."


class BadFeed(StockadeError):
    """What was named as a feed of advisories is none, is damaged, or is not what it was announced as."""

    hint = "The copy that was there still counts. Check its address and kind (docs/advisories.md), and sync again."


class FixFailed(StockadeError):
    """What an audit found could not be mended."""

    hint = "Look at the environment again with `stockade audit`; unpack the copy in it to have back what was there."


class LedgerMissing(StockadeError):
    """What was asked for stands in the ledger, and that is not in use."""

    hint = "Leave --no-ledger out, and have the store's libraries where Stockade is: pip install 'stockade[gate]'."


class FeedIncomplete(BadFeed):
    """A feed in a form that needs a library which is not installed."""

    hint = "Install it where Stockade is: pip install 'stockade[yaml]'. The copy that was there still counts."


class GateFailed(StockadeError):
    """The gate could not be started."""

    hint = "Name a free port with --port and an address of this machine with --host."


class GateIncomplete(GateFailed):
    """The gate's libraries are not installed."""

    hint = "Install them where Stockade is: pip install 'stockade[gate]', or from a clone: pip install '.[gate]'."


class BadEnvironment(StockadeError):
    """A virtual environment with walls could not be made, or is none that was made here."""

    hint = "`stockade env create .venv` makes one; docs/env.md says what it holds."


class JailFailed(StockadeError):
    """A jail could not be built, or not with the walls that a profile requires; nothing was run."""

    hint = "`stockade jail --explain` says what holds on this machine; docs/isolation.md says what each wall needs."


class JailUnsupported(JailFailed):
    """This machine has nothing to build a jail of."""

    hint = "Jails need Linux, with bubblewrap (Debian's package of that name) or Landlock (Linux 5.13)."


class NotifyFailed(StockadeError):
    """Somebody could not be told; `wait` is for how many seconds the other side asks to be left alone."""

    hint = "`stockade watch --try` tells each channel something harmless, and says what goes wrong."

    def __init__(self, message: str, *, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class DecoyFailed(StockadeError):
    """A decoy could not be taken out as it was planted."""

    hint = (
        "Look at the file, remove it by hand if it is only the decoy, then run `stockade decoy remove` again."
    )


class ScheduleFailed(StockadeError):
    """A regular audit or watch could not be set up, or taken out."""

    hint = (
        "Start it by hand, or by whatever starts things regularly here; docs/watch.md says with which words."
    )


class WorkerFailed(StockadeError):
    """The confined analyser could not be started at all."""

    hint = "Run `stockade scan --debug` and report what it prints."
