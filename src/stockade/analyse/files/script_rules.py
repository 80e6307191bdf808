"""What scripts of other interpreters do, as patterns: common ways of shells, PowerShell, batch files and Node.

Each pattern is linear: what repeats without end stands last, all else has a bound.
"""

from __future__ import annotations

import re

from stockade.analyse.marks.kinds import Mark, Rule
from stockade.analyse.marks.places import PLACES


def _any(needles: str, *patterns: str, heads: str = "") -> Rule:
    """Any of `patterns`, in a text that holds one of the lower-case words between ``|``.

    `heads` are the lower-case beginnings of all matches, where these are few.
    """
    joined = "|".join(f"(?:{one})" for one in patterns)
    begins = re.compile(heads) if heads else None
    return Rule(tuple(needles.split("|")), re.compile(joined, re.IGNORECASE | re.MULTILINE), begins)


def _each(*patterns: str) -> tuple[Rule, ...]:
    """Rules that care for case, each of a pattern that begins with plain text."""
    return tuple(Rule(("",), re.compile(one)) for one in patterns)


_SHELLS = r"(?:sudo\s{1,4}(?:-\S{1,20}\s{1,4})?)?(?:/(?:usr/)?bin/)?(?:ba|z|da|k)?sh\b"
#: An interpreter that is given nothing else to run: what it reads is the program.
_BARE = r"(?:sudo\s{1,4})?(?:python[\d.]{0,4}|perl|ruby|node|bun|php)\s{0,4}(?:-\s{0,4})?(?=$|[;&|'\"`)])"
_FETCH = r"\b(?:curl|wget)\b"
_INTO = rf"\|\s{{0,4}}(?:{_SHELLS}|{_BARE})"
_UNDO = r"(?:\bbase(?:64|32)\s{1,4}(?:-\w{0,4}d|--decode)\b|\bxxd\s{1,4}-r|\bopenssl\s[^\n|]{0,120}\s-d\b|\brev\b)"
_OPEN = r"[\"']?(?:\$\(|`|<\()\s{0,4}"
_EVALUATES = r"(?:\b(?:ba|z|da)?sh\s{1,4}-c\s{1,4}|\beval\s{1,4}|\bsource\s{1,4}|(?:^|[;&]\s?)\.\s)"

SHELL_RUNS_FETCHED = _any(
    "curl|wget",
    rf"{_FETCH}[^\n|]{{0,300}}{_INTO}",
    rf"{_FETCH}[^\n|]{{0,300}}\|[^\n|]{{0,80}}{_INTO}",
    rf"{_EVALUATES}{_OPEN}{_FETCH}",
    rf"\b(?:ba|z)?sh\s{{1,4}}<\(\s{{0,4}}{_FETCH}",
)
SHELL_RUNS_DECODED = _any(
    "base64|base32|xxd|openssl|rev|\\x|python",
    rf"{_UNDO}[^\n|]{{0,300}}{_INTO}",
    rf"{_UNDO}[^\n|]{{0,200}}\|[^\n|]{{0,80}}{_INTO}",
    rf"{_EVALUATES}{_OPEN}[^\n]{{0,300}}?{_UNDO}",
    r"\bpython[\d.]{0,4}\s{1,4}-c\s{1,4}[\"'][^\n]{0,300}?\bexec\([^\n]{0,160}?(?:b64decode|urlopen|decompress|marshal)",
    rf"(?:echo|printf)\s[^\n]{{0,40}}?(?:\\x[0-9a-f]{{2}}){{16}}[^\n|]{{0,4000}}{_INTO}",
)
#: A file that a fetch writes; the group is its name.
SHELL_SAVED = _any(
    "curl|wget",
    rf"{_FETCH}[^\n]{{0,300}}?\s(?:-[a-z]{{0,5}}o|--output|--output-document)[\s=]{{0,4}}[\"']?([^\s\"';&|]{{2,120}})",
    rf"{_FETCH}[^\n>|]{{0,300}}>\s{{0,4}}[\"']?([^\s\"';&|]{{2,120}})",
)
_ENVIRONMENT = r"(?:env|printenv|export\s{1,4}-p|declare\s{1,4}-x)"
SHELL_SENDS_ENVIRONMENT = _any(
    "curl|wget|nc",
    rf"(?:^|[;&|(`])\s{{0,8}}{_ENVIRONMENT}\s{{0,4}}\|(?:[^\n|]{{0,120}}\|){{0,2}}\s{{0,4}}(?:curl|wget|nc|ncat)\b",
    rf"\b(?:curl|wget|nc|ncat)\b[^\n]{{0,300}}(?:\$\(|`|<\()\s{{0,4}}{_ENVIRONMENT}\b",
)
#: A line that hands something to another machine.
SENDING_LINE = _any(
    "curl|wget|nc|socat|scp|rsync",
    r"\bcurl\b[^\n]{0,300}\s(?-i:-d|--data(?:-\w{1,12})?|-F|--form|-T|--upload-file)[\s=@]",
    r"\bwget\b[^\n]{0,200}--post-(?:data|file)",
    r"\|\s{0,4}(?:curl|nc|ncat|socat)\b",
    r"\b(?:scp|rsync)\b[^\n]{0,200}\s\S{1,80}@\S{1,80}:",
    heads=r"curl|wget|\||scp|rsync",
)
SHELL_OPENS = _any(
    "/dev/|nc|ncat|mkfifo|socat",
    r"\b(?:ba|z)?sh\s{1,4}-i\b[^\n]{0,80}/dev/(?:tcp|udp)/",
    r"\bn(?:c|cat)\b[^\n]{0,80}\s-(?:e|c)\s{0,4}[\"']?(?:/bin/)?(?:(?:ba|z)?sh|cmd)\b",
    r"\bmkfifo\s[^\n]{0,160}\bnc\b",
    r"\bsocat\b[^\n]{0,160}\bexec:[\"']?(?:/bin/)?(?:ba|z)?sh",
)
#: Paths of credentials, browsers' stores and wallets.
SECRET_PLACES = tuple(PLACES[one] for one in (Mark.CREDENTIAL_FILE, Mark.BROWSER, Mark.WALLET))
READING_LINE = _any("", r"\b(?:cat|cp|tar|zip|7z|base64|find|grep|rsync|xargs|type|copy|get-content|gc)\b")

_PS_FETCH = (
    r"(?:downloadstring|downloaddata|invoke-webrequest|invoke-restmethod|\biwr\b|\birm\b|net\.webclient)"
)
_PS_RUN = r"(?:\biex\b|invoke-expression|\[scriptblock\]::create)"
POWERSHELL_RUNS_FETCHED = _any(
    "download|invoke-|iwr|irm|net.webclient",
    rf"{_PS_RUN}[^\n]{{0,300}}?{_PS_FETCH}",
    rf"{_PS_FETCH}[^\n]{{0,300}}\|\s{{0,4}}(?:iex\b|invoke-expression)",
    heads=r"downloadstring|downloaddata|invoke-|iwr|irm|net\.webclient|iex|\[scriptblock",
)
POWERSHELL_RUNS_DECODED = _any(
    "frombase64string|-e",
    r"(?:powershell|pwsh)[^\n]{0,200}?\s-e(?:c|nc|ncodedcommand)?\s{1,4}[\"']?[A-Za-z0-9+/=]{40}",
    rf"(?:{_PS_RUN}|\.assembly\]::load)[^\n]{{0,300}}?frombase64string",
    r"frombase64string[^\n]{0,4000}\|\s{0,4}(?:iex\b|invoke-expression)",
    heads=r"powershell|pwsh|iex|invoke-expression|\[scriptblock|\.assembly|frombase64string",
)
POWERSHELL_SAVED = _any(
    "download|invoke-|iwr|irm|net.webclient|bitstransfer",
    rf"{_PS_FETCH}[^\n]{{0,300}}?\s-(?:outfile|out|o)\s{{1,4}}[\"']?([^\s\"'();]{{2,160}})",
    r"\.downloadfile\([^,\n]{1,300},\s{0,4}[\"']?([^\"'();\n]{2,160})",
    r"start-bitstransfer[^\n]{0,300}?\s-destination\s{1,4}[\"']?([^\s\"']{2,160})",
    heads=r"downloadstring|downloaddata|invoke-|iwr|irm|net\.webclient|\.downloadfile|start-bitstransfer",
)
DISABLES = _any(
    "mppreference|amsi|disable|windefend|advfirewall|vssadmin",
    r"(?:set|add)-mppreference\b",
    r"\bamsi(?:initfailed|utils|scanbuffer)",
    r"disable(?:realtimemonitoring|antispyware)",
    r"\bsc(?:\.exe)?\s{1,4}(?:stop|delete|config)\s{1,4}windefend",
    r"netsh\s{1,4}advfirewall\s{1,4}set\s{1,4}\w{1,20}\s{1,4}state\s{1,4}off",
    r"vssadmin\s{1,4}delete",
    heads="set-mp|add-mp|amsi|disable|sc|netsh|vssadmin",
)
POWERSHELL_CHARACTERS = _any(
    "[char]|`",
    r"\[char\]\s{0,2}\(?(?:0x[0-9a-f]{1,4}|\d{1,3})",
    r"(?<=[a-z])`(?=[a-z])",
    heads=r"\[char\]|`",
)

BATCH_RUNS_FETCHED = _any(
    "mshta|regsvr32|rundll32|msiexec",
    r"\bmshta(?:\.exe)?\s{1,4}[\"']?(?:https?|vbscript|javascript):",
    r"\bregsvr32\b[^\n]{0,80}/i:http",
    r"\brundll32\b[^\n]{0,40}javascript:",
    r"\bmsiexec\b[^\n]{0,60}/i\s{1,4}[\"']?https?:",
)
BATCH_SAVED = _any(
    "curl|wget|certutil|bitsadmin",
    rf"{_FETCH}[^\n]{{0,300}}?\s(?:-[a-z]{{0,5}}o|--output)[\s=]{{0,4}}[\"']?([^\s\"';&|]{{2,120}})",
    r"\bcertutil\b[^\n]{0,60}-urlcache[^\n]{0,300}\s[\"']?([^\s\"']{2,120})[\"']?\s{0,4}$",
    r"\bbitsadmin\b[^\n]{0,300}\s[\"']?([^\s\"']{2,120})[\"']?\s{0,4}$",
)
BATCH_DECODED = _any(
    "certutil",
    r"\bcertutil\b[^\n]{0,40}-decode(?:hex)?\s{1,4}\S{1,160}\s{1,4}[\"']?([^\s\"']{2,120})",
)
BATCH_PIECES = _any(":~", r"%\w{1,40}:~-?\d{1,4}(?:,-?\d{1,4})?%")

# Of JavaScript there are bundles of many megabytes: each pattern begins with plain text, which is found at once.
_JS_UNDO = r"\s{0,4}(?:atob|Buffer\.from|unescape|String\.fromCharCode|decodeURIComponent)\("
JS_RUNS_DECODED = _each(
    rf"eval\((?<![\w.$]eval\()(?:await\s)?{_JS_UNDO}",
    rf"Function\((?<![\w.$]Function\(){_JS_UNDO}",
    rf"runInThisContext\({_JS_UNDO}",
    rf"runInNewContext\({_JS_UNDO}",
    r"execSync\(\s{0,4}(?:atob|Buffer\.from)\(",
    r"exec\(\s{0,4}(?:atob|Buffer\.from)\(",
)
_COMMAND = rf"\(\s{{0,4}}[`'\"](?:[^`\n]{{0,300}}?{_FETCH}[^`\n|]{{0,300}}{_INTO}|(?i:powershell|mshta)[^`\n]{{0,300}}(?i:\biex\b|downloadstring|https?://))"
JS_RUNS_FETCHED = _each(
    rf"exec(?:Sync)?{_COMMAND}",
    rf"spawn(?:Sync)?{_COMMAND}",
    r"eval\((?<![\w.$]eval\()\s{0,4}await\s[^\n]{0,200}(?:fetch\(|\.text\(\)|axios)",
)
JS_SENDS_ENVIRONMENT = _each(
    r"JSON\.stringify\(\s{0,4}process\.env\s{0,4}[,)]",
    r"body\s{0,4}:\s{0,4}process\.env\s{0,4}[,}\n]",
    r"data\s{0,4}:\s{0,4}process\.env\s{0,4}[,}\n]",
    r"env\s{0,4}:\s{0,4}\{\s{0,4}\.\.\.process\.env\s{0,4}\}",
    r"Object\.entries\(\s{0,4}process\.env\s{0,4}\)",
)
JS_SENDS = ("fetch(", "http.request(", "https.request(", "axios", ".createConnection(", "https.get(")
JS_STARTS = ("child_process", "Bun.spawn", "Bun.$", "Deno.Command", "Deno.run")
JS_NODE = (
    *JS_STARTS,
    *(
        f"require({quote}{before}{name}{quote})"
        for quote in "'\""
        for before in ("", "node:")
        for name in ("fs", "os", "net", "http", "https")
    ),
    'from"node:',
    'from "node:',
    "from 'node:",
    "from'node:",
    "Bun.file",
    "Deno.env",
)
#: Different kinds of secrets, as Node programs name them: a sweep names many.
JS_SECRETS = (
    ".ssh",
    ".aws",
    ".npmrc",
    ".pypirc",
    ".git-credentials",
    ".netrc",
    ".kube",
    ".docker/config.json",
    "application_default_credentials",
    ".vault-token",
    ".azure",
    "wallet.dat",
    "exodus",
    "Login Data",
    "key4.db",
    "id_rsa",
    "id_ed25519",
    ".claude.json",
    ".bash_history",
    "169.254.169.254",
    "Local Extension Settings",
)
(JS_MANGLED,) = _each(r"_0x[0-9a-f]{4,6}\b")
#: The whole of it is six characters.
(JS_SIX,) = _each(r"\[\][\[\]()!+]{400}")

VBS_FETCHES = _any(
    "xmlhttp|winhttprequest", r"(?:msxml2|microsoft)\.(?:server)?xmlhttp", r"winhttp\.winhttprequest"
)
VBS_RUNS = _any("wscript|shell|execute", r"wscript\.shell", r"shell\.application", r"\bexecute(?:global)?\b")
VBS_CHARACTERS = _any("chr", r"\bchrw?\(\s{0,2}[&h\d]{1,6}\s{0,2}\)")

#: Runs a JavaScript of somebody's in a runtime that is not Python.
RUNTIME_USED = _any(
    "bun|node|deno",
    r"\b(?:bunx?|node|deno)(?:\.exe)?[\"'}]{0,2}\s{1,4}(?:run\s|x\s|-e\s|--\w|[^\s;&|]{1,200}\.[cm]?[jt]s\b)",
)
RUNTIME_PLACE = PLACES[Mark.RUNTIME]


#: Places of well-known makers' own installers. Their scripts fetch on purpose, and nobody else can change them.
MAKERS = re.compile(
    r"https?://(?:(?:sh|static)\.rustup\.rs|astral\.sh/|get\.docker\.com|download\.docker\.com"
    r"|install\.python-poetry\.org|bootstrap\.pypa\.io|raw\.githubusercontent\.com/(?:homebrew|nvm-sh|pyenv)/"
    r"|deb\.nodesource\.com|get\.helm\.sh|dl\.google\.com|sdk\.cloud\.google\.com|awscli\.amazonaws\.com"
    r"|micro\.mamba\.pm|packages\.microsoft\.com|apt\.llvm\.org|developer\.download\.nvidia\.com"
    r"|ollama\.com/install|get\.scoop\.sh|get\.sdkman\.io|cli\.github\.com)",
    re.IGNORECASE,
)
