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
#: Characters of all member names together; 60,000 honest ones have some 5 million.
MAX_NAMES = 64 * MIB
#: One member read whole. Python sources over this are not written by people.
MAX_MEMBER = 64 * MIB
#: Sum of uncompressed sizes; a tar stream is read to the end, so this also bounds time.
MAX_UNPACKED = 8 << 30
#: Uncompressed over compressed size, above MAX_RATIO_FLOOR; deflate cannot honestly exceed about 1,030.
MAX_RATIO = 200
MAX_RATIO_FLOOR = 16 * MIB
#: The same for an artifact as a whole, which may hold several such members.
MAX_TOTAL_FLOOR = 64 * MIB
#: Archives inside archives.
MAX_DEPTH = 3
MAX_NESTED = 32
MAX_NESTED_SIZE = 32 * MIB
#: Path length; POSIX PATH_MAX.
MAX_PATH = 4096
#: METADATA / PKG-INFO; honest ones carry a readme of up to some hundred kB.
MAX_METADATA = 4 * MIB
#: Dictionary of an LZMA stream; xz -9 asks for 65 MiB to decompress.
MAX_LZMA_MEMORY = 96 * MIB
#: Unpacked members kept in memory so that they are not unpacked twice, and the largest one kept.
MAX_HELD = 64 * MIB
MAX_HELD_MEMBER = 8 * MIB
#: Nested archives kept packed, together.
MAX_NESTED_HELD = 64 * MIB
#: Links followed from one to the next.
MAX_LINKS = 8
#: A wheel's RECORD: 60,000 files at some 150 bytes are 9 MB.
MAX_RECORD = 32 * MIB
#: One pax or GNU extended header of a tar; honest ones hold a path.
MAX_TAR_HEADER = 1 * MIB
#: Oddities of one kind, and gaps of one kind, kept of one archive.
MAX_ODDITIES = 64
MAX_GAPS = 200
#: entry_points.txt, setup.cfg, pyproject.toml as far as we read them for claims.
MAX_PROJECT_FILE = 1 * MIB
#: Longest line of a pyproject.toml: a dotted key as long costs its parser time in the square of it.
MAX_TOML_LINE = 16 * KIB
#: Lines of headers in one METADATA, and lines kept that are none.
MAX_METADATA_LINES = 50_000
MAX_UNPARSED = 64
#: Characters of a file name that are looked at; file systems allow 255.
MAX_FILENAME = 300
#: Metadata files, and top-level names, of one artifact.
MAX_CLAIMS = 64
#: Lines of a .pth or .start file; honest ones have a handful.
MAX_STARTUP_LINES = 2_000
#: A script of another interpreter; honest ones rarely reach one MB. Bundles of JavaScript reach some 20.
MAX_SCRIPT = 4 * MIB
MAX_BUNDLE = 32 * MIB
#: Values looked at in one configuration of an editor or an agent; honest ones have some hundred.
MAX_SETTINGS = 5_000
#: Words of one kind in a script, each of which costs a look at some hundred characters; honest ones have dozens.
MAX_NEEDLES = 20_000
#: Hidden text reported of one source file.
MAX_HIDDEN = 32

# Code.
#: One Python file parsed; generated honest modules reach about 5 MB.
MAX_SOURCE = 8 * MIB
#: Python source parsed of one artifact; its facts take about ten times as much memory.
MAX_PARSED = 32 * MIB
#: Of a larger source, classes without a telling literal are not parsed: a syntax tree takes a hundred times its text.
LARGE_SOURCE = MIB
#: Of a distribution with so little Python source every file is parsed: it takes some 20 ms.
PARSED_WHOLE = 64 * KIB
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
#: Objects in one piece of marshal data, and how deep; a code object is one, in the constants of another.
MAX_MARSHALLED = 1_000_000
MAX_MARSHAL_DEPTH = 120
#: Instructions of one compiled file that are turned back into text, and code objects.
MAX_INSTRUCTIONS = 1_000_000
MAX_CODE_OBJECTS = 20_000
#: Opcodes of one file of pickles; honest models keep their numbers outside of them.
MAX_PICKLE_STEPS = 2_000_000
#: Imported and exported names read of one native file; the largest honest libraries have tens of thousands.
MAX_SYMBOLS = 50_000
#: Requirements of one artifact whose names are looked up, at up to 100 µs each; honest ones come to some hundred.
MAX_REQUIREMENTS_NAMED = 5_000
#: Evidence kept of one artifact, and characters of an excerpt.
MAX_EVIDENCE = 400
MAX_EXCERPT = 240
#: Steps told of the way that one value takes through functions and archives.
MAX_STEPS = 24

# Known projects.
#: A file of hashes of known projects; the 15,000 most downloaded projects take some 250 MB.
MAX_REFERENCE = 1 << 30
#: An archive that one is made of; SDKs of many services have some 15 MB.
MAX_REFERENCE_FILE = 32 * MIB
#: Functions, and pieces of code between them, of one artifact that are compared with it; some 300 bytes each.
MAX_PIECES = 200_000
#: Source of the modules that a copy changes, for a diff; what a worker may send, halved.
MAX_PASSAGES = 2 * MIB
#: Characters of one line of that diff; escaped, it may be as long as the report allows.
MAX_DIFF_LINE = 400
#: Pieces of a clone that are told to be in no release of the original.
MAX_DIFFERS = 200

#: Longest name that is compared with the known ones (the longest of the 15,000 best known has 80 letters), and how many
#: of those are told that it may be taken for.
MAX_NAME = 120
MAX_LOOKALIKES = 8
#: Longest name that a person may ask about; file systems end there. And names on one standard input.
MAX_NAME_ASKED = 255
MAX_ASKED = 2_000_000
#: A table of known names; that of 15,000 takes a megabyte.
MAX_NAMES_TABLE = 16 * MIB
#: A list of download counts, the projects kept of one (forms of names are numbered with 16 bits), the fewest that make
#: one, and a count that nobody has.
MAX_COUNTS = 64 * MIB
MAX_COUNTED = 15_000
LEAST_COUNTED = 1_000
MAX_COUNT = 1 << 60

# Flows.
#: Functions of one file, and calls of one function, whose values are followed; generated clients have some thousands.
MAX_FLOW_FUNCTIONS = 20_000
MAX_FLOW_CALLS = 5_000
#: Who calls whom in one artifact, and calls that follow from others: what is logged, for each handler of logs; what is
#: given to what is decorated; what a thread runs. Of 240 well-known artifacts the busiest has 11,000 and 1,100.
MAX_FLOW_CALLERS = 1_000_000
MAX_FLOW_IMPLIED = 20_000
#: Steps that the search backwards from all ends of one artifact may take, and from one of them; functions that a value
#: goes through. Breadth first: what is near is found all the same.
MAX_FLOW_STEPS = 60_000
MAX_FLOW_REACH = 3_000
MAX_FLOW_DEPTH = 40
#: Places that are looked at to tell whether one value may be a secret, or what class it is of; classes that it may be
#: of. The busiest call of those artifacts may reach 280 functions.
MAX_FLOW_NODES = 4_000
MAX_FLOW_TYPES = 1_000
#: Characters by which variables of the environment are told apart; longer names that begin alike count as one.
MAX_VARIABLE_NAME = 80
#: Python source of a distribution of which all that it hands on is told; the helpers of known campaigns have some kB.
SMALL_DISTRIBUTION = 256 * KIB
#: What one artifact tells of its border: ways in that end in a sink, secrets handed out, things handed on; of each
#: how many, and the characters of their paths.
MAX_BORDER = 400
MAX_BORDER_TEXT = MIB
#: Ways into other artifacts that are looked at for the secrets of one, and ways between two that are kept. Of 130
#: well-known wheels linked with each other the busiest looks at 855.
MAX_LINK_STEPS = 10_000
MAX_FLOW_LINKS = 16

# Workers.
#: Artifacts analysed at a time.
MAX_JOBS = 256
#: Wall clock for one artifact.
WORKER_SECONDS = 120.0
#: Private writable memory of one worker (RLIMIT_DATA).
WORKER_MEMORY = 1 << 30
#: Largest encoded result that the parent reads from a worker.
MAX_RESULT = 8 * MIB
#: A worker's stack, which RLIMIT_DATA does not count.
WORKER_STACK = 16 * MIB
#: A worker's addresses: the largest artifact, its memory, and room; bounds what page tables can take.
WORKER_ADDRESSES = 16 << 30
#: Artifacts up to this are handed to a worker in memory, larger ones in an unlinked private file.
MAX_IN_MEMORY = 64 * MIB
#: Importing and compiling everything before the first artifact.
WARM_SECONDS = 60.0
#: How long past its time a worker's end may take to be reported before the warm process is given up.
WORKER_GRACE = 10.0
#: One message between the parent and the warm process; the longest holds a file name.
MAX_MESSAGE = 32 * KIB

#: Things of one sort in an artifact's profile; the largest honest ones call some 300 names and bring 1,500 libraries.
MAX_PROFILE = 4_000

#: An earlier release's file is fetched to be compared with up to this size.
MAX_COMPARED = 128 * MIB

# Network.
CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
#: One project page; a project of ten thousand files has about 6 MB of JSON.
MAX_LISTING = 64 * MIB
MAX_REDIRECTS = 5
MAX_RETRIES = 3
#: Requests in flight at once, to one index.
MAX_CONNECTIONS = 8
#: Longest that a person may set the installer's time-out to.
MAX_TIMEOUT = 600.0
#: Longest pause that an index's Retry-After may ask for; the first pause where it asks for none.
MAX_RETRY_AFTER = 20.0
RETRY_SECONDS = 0.25
#: A transfer may be slow for a while; after that it must bring MIN_RATE bytes a second on average.
SLOW_SECONDS = 60.0
MIN_RATE = 4 * KIB
#: How old a listing may be that is used without asking again, if the index allows it.
MAX_LISTING_AGE = 600.0
#: The same for an index that says nothing of age and gives nothing to ask by (RFC 9111, section 4.2.2).
LISTING_AGE_UNSAID = 300.0
#: All cached listings; all cached artifacts. The least recently used go first.
MAX_LISTING_CACHE = 512 * MIB
#: Files on pages that are kept in memory as they were read, some 600 bytes each.
MAX_PARSED_FILES = 200_000
MAX_ARTIFACT_CACHE = 16 << 30
#: Files that one project page may list, and gaps that one page may give.
MAX_LISTED = 100_000
MAX_LISTING_GAPS = 50
#: One project's own JSON; readmes of 40 MB are among the largest, and litellm's page has 3 MB.
MAX_ABOUT = 64 * MIB
#: Characters kept of one claim (a name, an address), links of one project, and accounts that own one.
MAX_CLAIM = 500
#: Bytes of a readme as it stands in that JSON, to be compared with a known project's; few reach 100 kB.
MAX_DESCRIPTION = 256 * 1024
MAX_CLAIMED_LINKS = 50
MAX_OWNERS_TOLD = 100
#: Advisories that an index tells of one release, and versions that fix one; django has some 150.
MAX_ADVISORIES_TOLD = 1_000
#: Attestations of one file (PEP 740): a page of some 10 KB with one or two. Each costs some 20 ms to verify.
MAX_PROVENANCE = 1 * MIB
MAX_ATTESTATIONS = 8
#: All cached attestations. The oldest go first.
MAX_PROVENANCE_CACHE = 64 * MIB
#: A trust root that a policy names; the one that ships has 7 KB.
MAX_TRUSTED_ROOT = 1 * MIB
#: Time to read one HTML page; html.parser can be made to take quadratic time.
PARSE_SECONDS = 20.0
#: A local file of an index is hashed when it is listed, unless it is larger than this.
MAX_LOCAL_HASH = 256 * MIB
#: An installer's configuration file.
MAX_CONFIG = 1 * MIB
#: A bundle of certificates; the public authorities together are 0.2 MB. And how many files of a folder of them.
MAX_CERTIFICATES = 16 * MIB
MAX_CERTIFICATE_FILES = 2000
#: Files of local folders (find-links, local indexes) that a command would install from, judged before it starts.
MAX_LOCAL_FILES = 2000
#: Releases in one closure.
MAX_CLOSURE = 2_000
#: Seconds that one resolution may take.
RESOLVE_SECONDS = 300.0

# Files that people write.
MAX_REQUIREMENTS = 8 * MIB
MAX_LOCK = 64 * MIB
MAX_POLICY = 1 * MIB
#: A snapshot of a public index's names; 900,000 take some 15 MB.
MAX_PUBLIC_NAMES = 256 * MIB
#: A request to the hook of coding agents (it may hold a file that is to be written), the shell command in one, the
#: words and signs of that (here-documents aside), commands inside commands, commands in one pipe that are looked back
#: at, and installs judged of one.
MAX_HOOK = 4 * MIB
MAX_HOOK_COMMAND = 256 * KIB
MAX_HOOK_WORDS = 10_000
MAX_HOOK_DEPTH = 8
MAX_HOOK_PIPE = 32
MAX_HOOK_INSTALLS = 12
#: Entries of an installer's cache that are looked at to tell how old it is.
MAX_CACHE_LOOKED_AT = 50_000
#: A local folder that is packed to be scanned; it is copied once.
MAX_FOLDER = 2 << 30
#: Depth of `-r` inside requirements files.
MAX_INCLUDES = 16

# Resolution. An sdist without a wheel beside it is read for its dependencies in the parent process, so these
# are tighter than what analysis allows itself.
#: Bytes of a tar that are passed over, and size of a zip, in search of a few metadata files.
MAX_STATIC_UNPACKED = 2 << 30
MAX_STATIC_ZIP = 256 * MIB
#: Metadata files looked at in one sdist; the honest ones have six.
MAX_STATIC_MEMBERS = 16
#: A setup.py that is parsed for constants.
MAX_SETUP_PY = 1 * MIB
#: Requires-Dist lines of one release; the largest honest releases have about 1,000, extras included.
MAX_REQUIRES = 5_000
#: Compressed tags in one wheel's name.
MAX_TAGS = 40
#: pyvenv.cfg; it has some five lines.
MAX_PYVENV = 64 * KIB
#: Rounds of resolution, each bringing direct URLs that releases of the last one depend on.
MAX_URL_ROUNDS = 5
#: Rounds of --resolve-older, each without the releases that were refused in the one before.
MAX_OLDER_ROUNDS = 12
#: Characters of the resolver's explanation that are shown.
MAX_EXPLANATION = 700

# Environments of this machine. Whoever can write to one can fill it, or its neighbours, with whatever they like.
#: Entries of one folder that are looked at while environments are looked for; honest ones reach some 100,000.
MAX_WALKED_FOLDER = 500_000
#: Entries looked at below one root. A home with ten million files takes some 20 s.
MAX_WALKED = 20_000_000
#: Folders that wait to be looked into, so that memory has an end: some 200 bytes each.
MAX_WALKED_FOLDERS = 2_000_000
#: Environments of one machine.
MAX_ENVIRONMENTS = 10_000
#: Files in the site folders of one environment, some 300 bytes of memory each; the largest honest ones (CUDA, Jupyter,
#: cloud SDKs together) hold some 200,000.
MAX_ENVIRONMENT_FILES = 1_000_000
#: Distributions of one environment; the largest conda distributions bring some 600.
MAX_INSTALLED = 20_000
#: One installed file that is digested; the largest honest libraries have some 2 GB.
MAX_INSTALLED_FILE = 8 << 30
#: Small files of an environment: INSTALLER, direct_url.json, top_level.txt, egg-link, entry_points.txt, receipts.
MAX_MARK = 256 * KIB
#: One record of conda's; that of a package of 60,000 files has some 20 MB.
MAX_CONDA_RECORD = 64 * MIB
#: One list of a system's package manager, and all of them that name Python's folders.
MAX_SYSTEM_LIST = 32 * MIB
MAX_SYSTEM_LISTS = 20_000
#: A .pth file, and folders that those of one environment add.
MAX_PTH = 1 * MIB
MAX_ADDED = 1_000
#: Sources hashed as Python before 3.11 does, which takes 0.4 s a megabyte; few compile that way.
MAX_SLOWLY_HASHED = 64 * MIB
#: A zipapp's directory, and all metadata in one; honest ones with a whole application in them have some 20,000 files
#: and a few MB.
MAX_ZIPAPP_DIRECTORY = 32 * MIB
MAX_ZIPAPP_METADATA = 64 * MIB
#: Oddities of one kind told of one distribution; what goes beyond is counted.
MAX_ODDITIES_EACH = 20
#: Sentences on what could not be looked at, of one environment.
MAX_SENTENCES = 200
#: Stamps of one environment as encoded; a million files take some 150 MB.
MAX_STAMPS = 256 * MIB
#: Environments whose stamps are kept.
MAX_STAMPED = 2_000

# Files that we write.
#: Findings kept in the cache, as encoded; the oldest go first. Some 50,000 artifacts.
MAX_CACHE = 256 * MIB
#: Wheels smaller than this are fetched whole for their metadata; of larger ones their last bytes, then pieces,
#: up to a total. A zip's directory of 60,000 files takes some 6 MB.
RANGE_FROM = 256 * KIB
RANGE_TAIL = 64 * KIB
RANGE_STEP = 32 * KIB
MAX_RANGES = 32 * MIB
#: Files whose dependencies are remembered.
MAX_REMEMBERED = 100_000

# The durable store of a gate; it is not disposable, so what one entry may take is bounded, not their number.
#: Entries that wait to be written; some 50 MB. One installation brings some hundred.
MAX_UNWRITTEN = 20_000
#: Entries in one transaction: others wait for it to end.
MAX_WRITTEN_AT_ONCE = 1_000
#: Seconds that one process waits for another's transaction, and between two attempts to write after one that failed.
STORE_PATIENCE = 5.0
STORE_RETRY = 1.0
#: Bytes of a path, and of a project's name or its version, that the ledger keeps whole; what is longer is cut, with a
#: digest. Together they fit into one row of an index.
MAX_LEDGER_PATH = 1536
MAX_LEDGER_NAME = 256
#: One file of the log of decisions, and how many there are; a decision takes some 600 bytes.
MAX_JOURNAL = 64 * MIB
MAX_JOURNALS = 8
#: Condemned files kept for study, as encoded; the oldest go first.
MAX_QUARANTINE = 4 << 30


# The gate.
#: Hosts whose certificates are kept; a command asks for some five.
MAX_GATE_HOSTS = 256
#: The head of one request, and how long it may take to come, in seconds: else each half of one holds a connection for
#: good. Bodies and answers may take as long as they need.
MAX_GATE_HEAD = 64 * KIB
GATE_HEAD_SECONDS = 20.0
#: Seconds after which the gate of one command answers at the latest, whether or not it was told that the command runs.
GATE_BEGIN_SECONDS = 0.2
#: Characters of a reason phrase; pip shows all of it on one line.
MAX_REASON = 300
#: How old a listing may be that is given out again without asking the index's cache; how long a file that an older one
#: lists waits for the newer one, in seconds: an index that is slow holds up nothing that was judged.
GATE_LISTING_SECONDS = 30.0
GATE_LISTING_PATIENCE = 2.0
#: What is asked of the indexes at once for clients, and for one client address: who asks for slow pages waits alone.
MAX_GATE_ASKING = 32
MAX_GATE_ASKING_EACH = MAX_CONNECTIONS
#: A gate's connections to one index: those, MAX_CONNECTIONS for each judgement, and as many again that were given up
#: and end by themselves.
MAX_GATE_CONNECTIONS = 128
#: Files that are here already and are hashed at once before they go out, and for one client address.
MAX_GATE_READING = 16
MAX_GATE_READING_EACH = 4
#: Listings, and what is known of files, kept in memory; the least recently used go first.
MAX_GATE_LISTINGS = 2_000
MAX_GATE_KNOWN = 50_000
#: How long a file that could not be had stays refused before it is asked for again, in seconds.
GATE_MISSED_SECONDS = 10.0
#: Addresses of files that listings named.
MAX_GATE_ADDRESSES = 2_000_000
#: Bytes of a file on its way out between two looks at whether it may still go.
GATE_CHUNK = 256 * KIB
#: Judgements under way at once, for one client address, and how long one waits for more that are asked for with it.
GATE_BENCHES = 4
GATE_BENCHES_EACH = 2
GATE_GATHER_SECONDS = 0.05
#: How long nobody must have asked for anything before a file is judged that nobody waits for yet.
GATE_EARLY_SECONDS = 0.1
#: How long a request is held while its file is judged, by a standing gate: pip gives up after 15 s, uv after 30.
GATE_PATIENCE_PIP = 10.0
GATE_PATIENCE = 25.0
#: What Retry-After says then.
GATE_RETRY_AFTER = 5
#: Files asked for by one client address whose verdicts are awaited.
MAX_GATE_WAITING = 2_000
#: Files of a release that are judged behind the one that went out: their number, and the size of each.
MAX_GATE_FILES_BEHIND = 40
MAX_GATE_BEHIND = 64 * MIB
#: For how long nobody must have asked for anything, in seconds, before those are judged: an install goes first.
GATE_QUIET_SECONDS = 5.0
#: How long what is remembered of an index's projects is believed, in seconds.
GATE_WORLD_SECONDS = 1800.0
#: A time-out for installers under `stockade run`, in seconds: a closure of hundreds of megabytes may take minutes.
GATE_CLIENT_SECONDS = 900

#: Installed distributions whose contents are known by their digest, and bytes of the file that says so: some 130 each.
MAX_IDENTITIES = 20_000
MAX_IDENTITIES_FILE = 8 * MIB
#: What `audit --fix` copies of one environment before it changes anything: two files of the largest size digested.
MAX_BACKUP = 16 << 30
#: Bills of materials in one distribution (PEP 770).
MAX_BOMS = 100

# Advisories.
#: One record; the longest honest ones, with thousands of versions, reach some 300 kB.
MAX_ADVISORY = 4 * MIB
#: An archive of all records of the ecosystem, packed and unpacked; 2026's is some 60 MB, and ten times that unpacked.
MAX_FEED = 1 << 30
MAX_FEED_UNPACKED = 8 << 30
#: Records of one feed, eight times those that it should be quick with.
MAX_RECORDS = 2_000_000
#: The list of what changed when: a line of some 50 bytes a record.
MAX_MODIFIED_LIST = 256 * MIB
#: Of one record: versions, ranges and events, and projects; the longest honest lists have some thousand.
MAX_ADVISORY_VERSIONS = 50_000
MAX_ADVISORY_EVENTS = 20_000
MAX_ADVISORY_PROJECTS = 5_000
#: Of one record: aliases, indicators, campaigns and reasons that are kept, and characters of each.
MAX_ADVISORY_WORDS = 64
MAX_ADVISORY_WORD = 300
#: Sentences kept about records that could not be read.
MAX_FEED_TOLD = 10
#: Changed records that are fetched one by one; of more, the whole archive is the shorter way.
MAX_INCREMENT = 2_000
#: A copy that was brought up to date by increments so long is read whole again: a list of changes names no deletions.
FEED_FULL_SECONDS = 30 * 86_400.0
#: How far a source's list of changes may lag behind its archive.
FEED_OVERLAP_SECONDS = 86_400.0
#: How long one sync waits for another to end.
FEED_PATIENCE = 30.0

# Telling people.
#: Seconds that a channel may take for one message, and for which a message is one process's to tell.
NOTIFY_SECONDS = 10.0
NOTIFY_LEASE = 120.0
#: Seconds until a message that failed is tried again: at first, and at most. Days after which it is given up.
NOTIFY_FIRST = 30.0
NOTIFY_LONGEST = 3600.0
NOTIFY_DAYS = 7
#: Messages of a channel in so many seconds; more alerts than a few at once are one message.
NOTIFY_MESSAGES = 6
NOTIFY_WINDOW = 600.0
NOTIFY_SINGLY = 3
#: Alerts in one message, and how many of them are named for people.
MAX_DIGEST = 100
MAX_DIGEST_LINES = 20
MAX_CHAT_LINES = 30
MAX_DESKTOP_LINES = 4
#: Advisories and places that one alert names.
MAX_ALERT_ADVISORIES = 8
MAX_ALERT_SIGHTINGS = 40
#: Characters of one text in it.
MAX_ALERT_TEXT = 4096
#: A file with one secret or address in it.
MAX_SECRET = 4 * KIB
#: Seconds that systemctl, launchctl or crontab may take.
SCHEDULER_SECONDS = 30.0

# News.
#: Names of one day that are compared with each other, where they begin or end alike.
MAX_NEWS_ALIKE = 300
#: What is said of one group: indicators that it shares, and reasons.
MAX_NEWS_SHARED = 3
MAX_NEWS_SAID = 3

# Detonation.
#: Events of one kind (files read, connections…) that are written down of one thing that is run, and characters of each.
MAX_EVENTS_OF_KIND = 500
MAX_SEEN = 1000
#: Words of a command that are read, and bytes of each.
MAX_SEEN_WORDS = 64
MAX_SEEN_WORD = 512
#: Seconds that something which is watched may sleep; a longer sleep is over at once.
MAX_SLEEP = 2.0
#: Seconds that each thing of a stage may take; that what it leaves behind may go on; and that all may take.
BUILD_SECONDS = 180.0
INSTALL_SECONDS = 120.0
IMPORT_SECONDS = 30.0
SCRIPT_SECONDS = 15.0
TOUCH_SECONDS = 60.0
GRACE_SECONDS = 3.0
DETONATION_SECONDS = 600.0
#: What of one kind is tried: top-level modules, and console scripts.
MAX_TRIED = 12
#: Files in a throwaway home that are looked at, those told as dropped, and bytes of one that is told.
MAX_HOUSE_FILES = 100_000
MAX_DROPPED = 200
MAX_DROPPED_SIZE = 256 * MIB
#: What the inside tells of itself: lines, bytes, and bytes of what it prints as it ends.
MAX_NOTES = 500
MAX_NOTES_SIZE = 256 * KIB
MAX_LAST_WORDS = 4 * KIB
#: Requirements that a build may ask for.
MAX_BUILD_REQUIRES = 64
#: Events of all stages that are told, and exchanges.
MAX_EVENTS = 5_000
#: Files that one check runs.
MAX_DETONATED = 5

# The network that leads nowhere.
#: Bytes of one exchange that are kept, and of all; exchanges. A thief sends some kB.
MAX_EXCHANGE = 4 * MIB
MAX_EXCHANGED = 32 * MIB
MAX_EXCHANGES = 5_000
#: Connections at once; sockets that are listened on (their descriptors go through one message, which takes 253); names
#: that have an address of their own (there are 131,072); datagrams read at once; tunnels within tunnels.
MAX_NOWHERE_CONNECTIONS = 200
MAX_NOWHERE_LISTENERS = 200
MAX_NOWHERE_NAMES = 100_000
MAX_NOWHERE_DATAGRAMS = 10_000
MAX_NOWHERE_TUNNELS = 2
#: Bytes of one line, or one head, of what is spoken; bytes read at once.
MAX_NOWHERE_HEAD = 256 * KIB
NOWHERE_CHUNK = 64 * KIB
#: Seconds that one connection may last, and be silent; until a server speaks where it speaks first, and until the first
#: bytes are taken for all that tells what is spoken; and that what was sent before the end may take to be read.
NOWHERE_SECONDS = 60.0
NOWHERE_PATIENCE = 5.0
NOWHERE_HEARS = 0.3
NOWHERE_GRACE = 1.0

# Decoys in what was sent.
#: Bytes that are looked through, all that is found in disguises included, and what of it is one piece each; how many
#: disguises one inside another are undone; bytes that one may hold; how many of a kind are undone in one piece.
MAX_SOUGHT = 64 * MIB
MAX_SOUGHT_LAYERS = 40_000
MAX_SOUGHT_DEPTH = 5
MAX_SOUGHT_LAYER = 16 * MIB
MAX_SOUGHT_RUNS = 500
MAX_SOUGHT_STARTS = 50
#: Bytes of a body that is taken apart by its fields, and fields of one exchange; bytes by which a key is guessed, and
#: keys that are tried.
MAX_SOUGHT_BODY = 256 * KIB
MAX_SOUGHT_FIELDS = 64
MAX_SOUGHT_SAMPLE = 4 * KIB
MAX_SOUGHT_KEYS = 16
#: The shortest marker.
LEAST_MARKER = 16

# Credentials (`stockade creds`). Everything is read that whoever runs as this user could read.
#: One file that may hold credentials; histories of shells and notebooks are the largest.
MAX_CREDENTIAL_FILE = 8 * MIB
#: Files at one place whose name is a pattern, such as a cache of sign-ins.
MAX_CREDENTIAL_FILES = 2_000
#: Credentials of one file.
MAX_CREDENTIALS_OF_FILE = 500
#: Processes whose variables are read.
MAX_CREDENTIAL_PROCESSES = 5_000
#: Folders below the home in which loose files are looked for, and names looked at there.
MAX_LOOSE_DEPTH = 6
MAX_LOOSE_ENTRIES = 2_000_000
#: Files that import a condemned package and are told.
MAX_USES = 200

# Jails.
#: What may lie beside a path that is hidden without bubblewrap, since all of it is named one by one.
JAIL_NEIGHBOURS = 2_000
#: Profiles that extend one another; bytes of a script's first line (as the kernel reads).
MAX_JAIL_PROFILES = 8
MAX_SHEBANG = 256
#: Seconds that the gate may take to accept a connection from a jail.
JAIL_CONNECT_SECONDS = 10.0

# Jails with a network of named hosts.
#: Hosts that a profile may name; names below one with a star that are asked for.
MAX_JAIL_HOSTS = 500
MAX_JAIL_NAMES = 4_096
#: Bytes of a question for a name, of a client's TLS greeting (2 KiB with post-quantum keys), of a request's head.
MAX_JAIL_QUERY = 1_232
MAX_JAIL_HELLO = 32 * KIB
MAX_JAIL_HEAD = 64 * KIB
#: Connections of one jail at a time.
MAX_JAIL_CONNECTIONS = 256
#: Seconds until a client must have said which host it means, and for which nothing may come.
JAIL_ASKING_SECONDS = 20.0
JAIL_IDLE_SECONDS = 900.0
#: Refusals that are told of one jail; of more it is said that there were.
MAX_JAIL_TOLD = 50
