"""Every bound on hostile input, named and justified. Sizes in bytes, times in seconds.

A bound that is hit becomes a ``Gap`` of kind *limit*; it never becomes innocence.
"""

from __future__ import annotations

KIB = 1 << 10
MIB = 1 << 20

# Archives. The largest honest wheels on public indexes are some 3 GB (CUDA); those are scanned by members,
# from a mapping, so their size costs address space rather than memory.
MAX_ARTIFACT = 4 << 30
#: Members in one archive; the largest honest ones hold about 60,000 files.
MAX_MEMBERS = 200_000
#: One member read whole. Python sources over this are not written by people.
MAX_MEMBER = 64 * MIB
#: Sum of uncompressed sizes; a tar stream is read to the end, so this also bounds time.
MAX_UNPACKED = 8 << 30
#: Uncompressed over compressed size, above MAX_RATIO_FLOOR; deflate cannot honestly exceed about 1,030.
MAX_RATIO = 200
MAX_RATIO_FLOOR = 16 * MIB
#: Archives inside archives.
MAX_DEPTH = 3
MAX_NESTED = 32
MAX_NESTED_SIZE = 32 * MIB
#: Path length; POSIX PATH_MAX.
MAX_PATH = 4096
#: METADATA / PKG-INFO; honest ones carry a readme of up to some hundred kB.
MAX_METADATA = 4 * MIB

# Code.
#: One Python file parsed; generated honest modules reach about 5 MB.
MAX_SOURCE = 8 * MIB
#: Nesting that CPython's parser and our visitors go through.
MAX_NESTING = 200
#: Length of any folded constant.
MAX_FOLDED = 4 * MIB
#: Steps (operations) spent on folding in one file.
MAX_FOLD_STEPS = 200_000
#: Layers of code inside code (exec of a decoded constant), and how many in one file.
MAX_LAYERS = 16
MAX_LAYERS_PER_FILE = 64
#: Facts kept of one file.
MAX_FACTS = 50_000
#: Evidence kept of one artifact, and characters of an excerpt.
MAX_EVIDENCE = 400
MAX_EXCERPT = 240

# Workers.
#: Wall clock for one artifact.
WORKER_SECONDS = 120.0
#: Private writable memory of one worker (RLIMIT_DATA).
WORKER_MEMORY = 1 << 30
#: Largest encoded result that the parent reads from a worker.
MAX_RESULT = 8 * MIB

# Network.
CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
#: One project page; a project of ten thousand files has about 6 MB of JSON.
MAX_LISTING = 64 * MIB
MAX_REDIRECTS = 5
MAX_RETRIES = 3
#: Releases in one closure.
MAX_CLOSURE = 2_000
#: Seconds that one resolution may take.
RESOLVE_SECONDS = 300.0

# Files that people write.
MAX_REQUIREMENTS = 8 * MIB
MAX_LOCK = 64 * MIB
MAX_POLICY = 1 * MIB
#: Depth of `-r` inside requirements files.
MAX_INCLUDES = 16
