"""What a string names: places where secrets lie, hosts that take or hand out data, command lines.

`marks` sorts a text by `Mark`. A mark is common knowledge (paths of well-known applications, well-known
services, APIs), never a string of one sample. Each mark has *needles*, plain lower-case words one of which
must be in the text before its pattern is tried: nearly all strings have none, and cost one search.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from stockade.analyse.code.vocabulary import BEGINNINGS

#: Characters of one string that are looked at; longer ones are data.
MAX_SCANNED = 1 << 18


class Mark(StrEnum):
    """A class of things that a string can name."""

    CREDENTIAL_FILE = "credential-file"
    ACCOUNTS_FILE = "accounts-file"
    BROWSER = "browser-store"
    WALLET = "wallet"
    DISCORD = "discord-token"
    SESSION = "session-file"
    WEBHOOK = "webhook"
    BOT = "bot-api"
    BOT_KEY = "bot-key"
    PASTE = "paste-host"
    DROP = "file-drop"
    RAW = "raw-file"
    CALLBACK = "callback-host"
    TUNNEL = "tunnel"
    ADDRESS = "bare-address"
    OWN_ADDRESS = "own-address-service"
    METADATA = "cloud-metadata"
    PERSIST = "persistence"
    PROFILE = "shell-profile"
    DISABLE = "disables-security"
    MACHINE = "virtual-machine"
    TOOLS = "analysis-tools"
    POWERSHELL = "powershell"
    FETCH_AND_RUN = "fetch-and-run"
    REVERSE = "reverse-shell"
    PIP = "pip-install"
    MINER = "miner"
    PROGRAM = "program-that-fetches"
    EXECUTABLE_URL = "executable-url"
    EXECUTABLE = "executable-bytes"
    WINDOWLESS = "windowless-python"
    KILL = "kills-programs"
    INJECTION = "application-injection"
    AGENT = "agent-config"
    COIN_ADDRESS = "coin-address-pattern"
    PUBLISH = "publishes"
    ORDERS = "orders-to-agents"
    ENCODED_URL = "encoded-address"
    ENCODED_CODE = "encoded-program"
    COMMAND_SENDS = "command-sends"


@dataclass(frozen=True, slots=True)
class _Rule:
    needles: tuple[str, ...]
    pattern: re.Pattern[str]


def _rule(needles: str, pattern: str) -> _Rule:
    return _Rule(tuple(needles.split("|")), re.compile(pattern, re.IGNORECASE | re.ASCII))


_SEP = r"[\\/]+"
_HOST_END = r"(?=[/:?\s\"'<>]|$)"
_PROGRAM_SUFFIX = r"\.(?:exe|msi|scr|dll|bat|cmd|ps1|vbs|hta|pyw|jar|lnk|elf|apk|dmg|sh)"

_ENCODED = "|".join(map(re.escape, BEGINNINGS.split()))

_RULES: dict[Mark, _Rule] = {
    Mark.CREDENTIAL_FILE: _rule(
        "id_rsa|id_ed25519|id_ecdsa|id_dsa|.aws|git-credentials|.pypirc|netrc|.npmrc|kube|docker"
        "|default_credentials|serviceaccount|.vault-token|filezilla|winscp|.pgpass|.my.cnf|history|/proc/"
        "|hosts.yml|.azure|.ssh|.gnupg|.env",
        r"\bid_(?:rsa|ed25519|ecdsa|dsa)\b(?!\.pub)|\.aws[\\/]+credentials|\.git-credentials|\.pypirc"
        r"|(?<!\w)[._]netrc\b|(?<!\w)\.npmrc|\.kube[\\/]+config|\.docker[\\/]+config\.json"
        r"|application_default_credentials\.json|secrets/kubernetes\.io/serviceaccount|\.vault-token"
        r"|filezilla[\\/]+(?:recentservers|sitemanager)|winscp\.ini|\.pgpass|\.my\.cnf"
        r"|\.(?:bash|zsh|mysql|psql|python)_history|/proc/(?:self|\d+|1)/environ|\bgh[\\/]+hosts\.yml"
        r"|\.azure[\\/]+(?:accesstokens|msal_token)|(?<!\w)\.ssh(?:[\\/]|$)|(?<!\w)\.gnupg",
    ),
    Mark.ACCOUNTS_FILE: _rule(
        "/etc/",
        r"/etc/(?:passwd|shadow|sudoers|group)\b",
    ),
    Mark.BROWSER: _rule(
        "login data|web data|cookies|logins.json|key3.db|key4.db|local state|user data|bravesoftware"
        "|opera software|yandexbrowser",
        rf"\blogin data\b|\bweb data\b|{_SEP}cookies$|{_SEP}network{_SEP}cookies|cookies\.sqlite"
        rf"|logins\.json|\bkey[34]\.db\b|(?:^|[\\/])local state$|{_SEP}user data\b|bravesoftware{_SEP}"
        rf"|opera software{_SEP}|yandexbrowser{_SEP}",
    ),
    Mark.WALLET: _rule(
        "exodus|electrum|atomic|keystore|coinomi|jaxx|guarda|wallet.dat|ledger live"
        "|nkbihfbeogaeaoehlefnkodbefgpgknn|fhbohimaelbohpjbbldcngcnapndodjp"
        "|hnfanknocfeofbddgcijnmhnfnkdnaad|bfnaelmomeimhlpmgjnjophhpkkoljpa"
        "|ibnejdfjmmkpcnlpebklmnkoeoihofec|ejbalbakoplchlghecdalmeeeajnimhm|metamask|solana|armory|zcash",
        rf"exodus\.wallet|{_SEP}exodus\b|^exodus$|electrum{_SEP}(?:wallets|config)|{_SEP}electrum\b"
        rf"|atomic{_SEP}local storage|{_SEP}atomic wallet|ethereum{_SEP}keystore|\bcoinomi\b|\bjaxx\b"
        rf"|{_SEP}guarda\b|\bwallet\.dat\b|{_SEP}ledger live|com\.liberty\.jaxx|{_SEP}armory\b"
        rf"|{_SEP}zcash\b|{_SEP}solana{_SEP}id\.json|nkbihfbeogaeaoehlefnkodbefgpgknn"
        rf"|fhbohimaelbohpjbbldcngcnapndodjp|hnfanknocfeofbddgcijnmhnfnkdnaad"
        rf"|bfnaelmomeimhlpmgjnjophhpkkoljpa|ibnejdfjmmkpcnlpebklmnkoeoihofec"
        rf"|ejbalbakoplchlghecdalmeeeajnimhm|^metamask$",
    ),
    Mark.DISCORD: _rule(
        "leveldb|{24|{84}|dqw4w9wgxcq|users/@me|lightcord|discordcanary|discordptb|mfa\\.",
        rf"local storage{_SEP}leveldb|\{{24\}}.{{0,12}}\{{6\}}|\{{24,\d+\}}.{{0,12}}\{{6\}}|mfa\\\.\["
        rf"|dqw4w9wgxcq:|discord(?:app)?\.com/api/v\d+/users/@me|{_SEP}lightcord\b"
        rf"|{_SEP}discord(?:canary|ptb)\b",
    ),
    Mark.SESSION: _rule(
        "tdata|ssfn|loginusers.vdf|roblosecurity|launcher_profiles|launcher_accounts|growtopia"
        "|telegram desktop",
        rf"{_SEP}tdata\b|telegram desktop{_SEP}|\bssfn|loginusers\.vdf|\.?roblosecurity"
        rf"|launcher_(?:profiles|accounts)\.json|{_SEP}growtopia\b",
    ),
    Mark.WEBHOOK: _rule(
        "/webhooks/|hooks.slack.com|webhook.office.com|chat.googleapis.com|open.feishu.cn|oapi.dingtalk.com",
        r"discord(?:app)?\.com/api(?:/v\d+)?/webhooks/\d{15}|hooks\.slack\.com/(?:services|workflows)/T\w"
        r"|webhook\.office\.com/webhook|chat\.googleapis\.com/v1/spaces/\w+/messages\?key="
        r"|open\.feishu\.cn/open-apis/bot/v2/hook/\w|oapi\.dingtalk\.com/robot/send\?access_token=\w",
    ),
    Mark.BOT: _rule(
        "api.telegram.org",
        r"api\.telegram\.org/bot",
    ),
    Mark.BOT_KEY: _rule(
        ":aa",
        r"(?<!\d)\d{8,10}:aa[\w-]{31,35}(?![\w-])",
    ),
    Mark.PASTE: _rule(
        "pastebin.|paste.|rentry.|hastebin.|ghostbin.|controlc.com|dpaste.|pastie.|ix.io|termbin."
        "|textbin.|justpaste.|pastecode.|privatebin.|0bin.|paste2.|nopaste.|bpa.st|throwbin.",
        r"(?:^|//|[.@\s])(?:pastebin\.(?:com|pl|fi)"
        r"|paste\.(?:ee|fo|rs|gg|mozilla\.org|c-net\.org|bingner\.com|tc)|rentry\.(?:co|org)|hastebin\.\w+"
        r"|ghostbin\.\w+|controlc\.com|dpaste\.\w+|pastie\.\w+|ix\.io|termbin\.com|textbin\.net"
        r"|justpaste\.it|pastecode\.\w+|privatebin\.\w+|0bin\.net|paste2\.org|nopaste\.\w+|bpa\.st"
        r"|throwbin\.io)" + _HOST_END,
    ),
    Mark.DROP: _rule(
        "discordapp.|transfer.sh|file.io|gofile.io|anonfile|catbox.moe|0x0.st|bashupload|tmpfiles.org"
        "|dropbox|drive.google|mediafire|mega.nz|temp.sh|oshi.at|uguu.se|pixeldrain|sendspace|workupload"
        "|krakenfiles|oshiupload|filebin.net|bayfiles|dl.dropbox|r2.dev|1drv.ms|store1.|upload",
        r"(?:cdn|media)\.discordapp\.(?:com|net)/attachments|(?:^|//|[.@\s])(?:transfer\.sh|file\.io"
        r"|gofile\.io|anonfiles?\.\w+|(?:\w+\.)?catbox\.moe|0x0\.st|bashupload\.com|tmpfiles\.org|temp\.sh"
        r"|oshi\.at|uguu\.se|pixeldrain\.com|sendspace\.com|workupload\.com|krakenfiles\.com|filebin\.net"
        r"|bayfiles\.com|mega\.nz|1drv\.ms|(?:\w+\.)?mediafire\.com|pub-[0-9a-f]{32}\.r2\.dev)"
        + _HOST_END
        + r"|(?:dl\.dropboxusercontent|(?:www\.|dl\.)?dropbox)\.com/s|drive\.google\.com/uc\?",
    ),
    Mark.RAW: _rule(
        "githubusercontent.com/|/raw/|gist.|?raw=true|/-/raw",
        r"(?:raw|gist)\.githubusercontent\.com/|github\.com/[^\s/]+/[^\s/]+/raw/|bitbucket\.org/.+/raw/"
        r"|/-/raw/|gitee\.com/.+/raw/|github\.com/\S+\?raw=true",
    ),
    Mark.CALLBACK: _rule(
        "oast|interact.sh|interactsh|burpcollaborator|pipedream|requestbin|webhook.site|canarytokens"
        "|dnslog|ceye.io|beeceptor|requestcatcher|hookbin|requestrepo|dnsbin|mocky.io|mockapi|bxss|xss.ht"
        "|xss.report|pingb.in|ptsv|postb.in|webhook-test|callback.red|eyes.sh|typedwebhook|sslip|digimg"
        "|hookdeck|hookb.in|iplogger|grabify|webhookrelay",
        r"(?:^|//|[.@\s])(?:oast\.(?:pro|live|site|online|fun|me)|oastify\.com|interact\.sh"
        r"|interactsh\.com|burpcollaborator\.net|(?:m|x)\.pipedream\.net|requestbin\.(?:com|net|io)"
        r"|webhook\.site|canarytokens\.(?:com|org)|dnslog\.(?:cn|ink|pw|store)|ceye\.io|beeceptor\.com"
        r"|requestcatcher\.com|hookb\.?in(?:\.com)?|requestrepo\.com|dnsbin\.\w+|mocky\.io|mockapi\.io"
        r"|bxss\.me|xss\.ht|xss\.report|pingb\.in|ptsv[23]\.com|postb\.in|webhook-test\.com|callback\.red"
        r"|eyes\.sh|typedwebhook\.tools|hookdeck\.com|iplogger\.\w+|grabify\.link|hooks\.webhookrelay\.com)"
        + _HOST_END,
    ),
    Mark.TUNNEL: _rule(
        "ngrok|serveo.net|localtunnel|trycloudflare|loca.lt|localhost.run|lhr.life|pagekite|bore.pub"
        "|portmap|playit.gg|devtunnels|duckdns|no-ip|ddns|hopto|zapto|sytes|000webhost|glitch.me|repl.co"
        "|replit.dev|.onion|herokuapp|pythonanywhere|workers.dev|vercel.app|netlify.app|onrender.com"
        "|web.app|firebaseio|xsph|atwebpages|infinityfree",
        r"(?:^|//|[.@\s])[\w-]*\.?(?:\w+\.)*(?:ngrok(?:-free)?\.(?:io|app|dev)|serveo\.net|localtunnel\.me"
        r"|trycloudflare\.com|loca\.lt|localhost\.run|lhr\.life|pagekite\.me|bore\.pub"
        r"|portmap\.(?:io|host)|playit\.gg|devtunnels\.ms|duckdns\.org|no-ip\.\w+|ddns\.net|hopto\.org"
        r"|zapto\.org|sytes\.net|000webhostapp\.com|glitch\.me|repl\.co|replit\.dev|[a-z2-7]{16,56}\.onion|xsph\.ru"
        r"|atwebpages\.com|pythonanywhere\.com|firebaseio\.com)" + _HOST_END,
    ),
    Mark.ADDRESS: _rule(
        "://",
        r"(?:https?|ftp|tcp|wss?)://(?:[^@/\s]*@)?(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])",
    ),
    Mark.OWN_ADDRESS: _rule(
        "ipify|ipinfo|ip-api|ifconfig|checkip|icanhazip|ipapi|ident.me|myip|geojs|ipwho|iplocation|ip.sb"
        "|wtfismyip|httpbin|geolocation-db|ipgeolocation|seeip|freegeoip|ip.me|ip.42.pl",
        r"(?:^|//|[.@\s])(?:ipify\.org|ipinfo\.io|ip-api\.com|ifconfig\.(?:me|co|io)"
        r"|checkip\.(?:amazonaws\.com|dyndns\.(?:com|org))|icanhazip\.com|ipapi\.co|ident\.me"
        r"|myip\.(?:com|\w+\.\w+|wtf)|geojs\.io|ipwho\.is|ipwhois\.app|iplocation\.\w+|ip\.sb"
        r"|wtfismyip\.com|httpbin\.org/ip|geolocation-db\.com|ipgeolocation\.\w+|seeip\.org|freegeoip\.\w+"
        r"|ip\.me|ip\.42\.pl)" + _HOST_END,
    ),
    Mark.METADATA: _rule(
        "169.254.|metadata.google|fd00:ec2|100.100.100.200|metadata.azure",
        r"169\.254\.169\.254|169\.254\.170\.2|metadata\.google\.internal|fd00:ec2::254|100\.100\.100\.200"
        r"|metadata\.azure\.internal",
    ),
    Mark.PERSIST: _rule(
        "currentversion|start menu|crontab|launchagents|launchdaemons|systemctl|/etc/cron|schtasks"
        "|/etc/systemd|systemd/user|autostart|startup|rc.local|authorized_keys|ld.so.preload|winlogon"
        "|scheduledtask|wantedby=",
        rf"currentversion{_SEP}run(?:once)?\b|start menu{_SEP}programs{_SEP}startup|\bcrontab\s+-"
        rf"|\|\s*crontab\b|library/launch(?:agents|daemons)|systemctl\s+(?:--user\s+)?(?:enable|start)"
        rf"|/etc/cron|schtasks(?:\.exe)?\s+/create|/etc/systemd/system/|systemd/user/|\.config/autostart"
        rf"|^[\\/]*(?-i:Startup)[\\/]*$|/etc/rc\.local|\.ssh/authorized_keys|ld\.so\.preload"
        rf"|currentversion{_SEP}winlogon|new-scheduledtask|register-scheduledtask"
        rf"|wantedby=(?:multi-user|default)\.target",
    ),
    Mark.PROFILE: _rule(
        "bashrc|bash_profile|zshenv|zshrc|.profile|zprofile|config.fish|profile.ps1",
        r"(?:^|[~/\\])\.(?:bashrc|bash_profile|zshrc|profile|zprofile|zshenv)\b|profile\.ps1"
        r"|fish/config\.fish",
    ),
    Mark.DISABLE: _rule(
        "mppreference|enablelua|defend|advfirewall|setenforce|amsi|wuauserv|disableantispyware|realtimemonitoring"
        "|drivers|executionpolicy|iptables|netsh|fodhelper|shadowcopy|vssadmin",
        r"(?:set|add)-mppreference|disable(?:realtimemonitoring|antispyware)"
        r"|windows defender.{0,40}(?:disable|exclusion|stop)|netsh\s+(?:advfirewall|firewall)"
        r"|setenforce\s+0|amsi(?:initfailed|utils|scanbuffer)"
        r"|(?:stop|delete|config)\s+(?:windefend|wuauserv)|enablelua|drivers[\\/]+etc[\\/]+hosts"
        r"|iptables\s+-f\b|fodhelper|vssadmin\s+delete|shadowcopy\s+delete",
    ),
    Mark.MACHINE: _rule(
        "vmware|vbox|virtualbox|qemu|xenservice|vmtoolsd|vmsrvc|prl_|sandboxie|sbiedll|vboxservice"
        "|vmusrvc|wdagutility|joebox",
        r"^vmware$|vmware(?:tray|user|service|hostd)|vmtoolsd"
        r"|vbox(?:service|tray|guest|mouse|hook)|^virtualbox$|qemu-ga|xenservice|vmsrvc|vmusrvc"
        r"|prl_(?:tools|cc)|sbiedll|joebox|wdagutilityaccount|\\vmware, inc",
    ),
    Mark.TOOLS: _rule(
        "wireshark|processhacker|ollydbg|x64dbg|x32dbg|ida64|fiddler|httpdebugger|procmon|dnspy|pestudio"
        "|processhacker|regmon|autoruns|tcpview|immunitydebugger|charles",
        r"\b(?:wireshark\.exe|processhacker|ollydbg|x(?:64|32)dbg|ida64|fiddler|httpdebuggerui|procmon(?:64)?"
        r"|dnspy|pestudio|autoruns|tcpview|immunitydebugger)(?:\.exe)?\b",
    ),
    Mark.POWERSHELL: _rule(
        "powershell|pwsh|frombase64string|invoke-expression|downloadstring|downloadfile|iex ",
        r"(?:powershell|pwsh)(?:\.exe)?[\"']?.{0,160}\s-(?:e|ec|enc|encodedcommand|w|windowstyle|exec"
        r"|executionpolicy|ep|nop|noprofile|noni|command|c)\b|frombase64string|invoke-expression"
        r"|\.downloadstring\(|\.downloadfile\(|\biex .{0,60}(?:new-object|iwr|irm|http)",
    ),
    Mark.FETCH_AND_RUN: _rule(
        "curl|wget|certutil|bitsadmin|mshta|regsvr32|iwr|invoke-webrequest|start-bitstransfer|downloadfile",
        r"\b(?:curl|wget)\b[^\n]{0,300}?(?:\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|\|\s*python"
        r"|&&?\s*(?:chmod|sh|bash|start|\./|python|py)\b|;\s*(?:chmod|sh|bash|python)\b)"
        r"|\b(?:ba|z)?sh\s+-c\s+[\"']?\$\((?:curl|wget)|\b(?:ba)?sh\s+<\((?:curl|wget)"
        r"|\bcurl\b[^\n]{0,200}\s(?:-o|--output)\s*\S+|certutil(?:\.exe)?\s.{0,40}-(?:urlcache|decode)"
        r"|bitsadmin(?:\.exe)?\s+/transfer|mshta(?:\.exe)?\s+(?:https?|vbscript|javascript):"
        r"|regsvr32.{0,40}/i:http"
        r"|(?:iwr|invoke-webrequest|start-bitstransfer)\b.{0,200}(?:-outfile|-o\b|-uri|-source|http)",
    ),
    Mark.REVERSE: _rule(
        "/dev/tcp/|/dev/udp/|nc |ncat|socat|bash -i|sh -i|mkfifo|tcpclient|pty.spawn|dup2|meterpreter"
        "|/bin/sh|/bin/bash",
        r"/dev/(?:tcp|udp)/\S+|\bn(?:c|cat) (?:[^\n]{0,60}\s)?-(?:e|c)\s*\S|\bsocat\b.{0,80}exec:"
        r"|\b(?:ba|z)?sh -i\b|mkfifo\s.{0,80}\bnc\b|net\.sockets\.tcpclient|pty\.spawn\(|os\.dup2\(s"
        r"|\bmeterpreter\b",
    ),
    Mark.PIP: _rule(
        "pip",
        r"\bpip3?(?:\.exe)?[\"']?\s+(?:-\S+\s+)*install\b|\bpip\._internal",
    ),
    Mark.MINER: _rule(
        "stratum+|xmrig|minerd|nicehash|moneroocean|supportxmr|nanopool|c3pool|ethermine|randomx",
        r"stratum\+(?:tcp|ssl)://|\bxmrig\b|moneroocean\.stream|supportxmr\.com|c3pool\.com|\bminerd\b"
        r"|nanopool\.org:",
    ),
    Mark.PROGRAM: _rule(
        "exec(|eval(|os.system(|subprocess|startfile(",
        r"(?:exec|eval)\(.{0,160}(?:urlopen|requests\.get|b64decode|decompress|marshal|\.decrypt"
        r"|httpx\.get)|(?:urlopen|urlretrieve|requests\.(?:get|post)"
        r"|httpx\.(?:get|post)).{0,600}(?:\bexec\(|os\.system\(|subprocess\.(?:run|popen|call)"
        r"|startfile\()",
    ),
    Mark.EXECUTABLE_URL: _rule(
        "://",
        rf"(?:https?|ftp)://[^\s\"'<>/]+/[^\s\"'<>]*{_PROGRAM_SUFFIX}(?=[?#\s\"'<>;|&)]|$)",
    ),
    Mark.EXECUTABLE: _rule(
        "tvqqaa|tvpqaa|tvoaaa|f0vmr|mz|\x7felf|4d5a9000|7f454c46|this program cannot be run",
        r"^tv(?:qqaa|pqaa|oaaa)[a-z0-9+/]{60}|^f0vmrg[a-z0-9+/]{60}"
        r"|^mz[\x00-\xff]{60,400}this program cannot|^\x7felf[\x01\x02]|^4d5a9000[0-9a-f]{60}"
        r"|^7f454c46[0-9a-f]{60}",
    ),
    Mark.WINDOWLESS: _rule(
        "pythonw|.pyw|w.exe",
        r"\bpythonw(?:\.exe)?\b|\.pyw\b|^w\.exe$",
    ),
    Mark.KILL: _rule(
        "taskkill|pkill|killall|stop-process",
        r"taskkill(?:\.exe)?\s+/|\bpkill\s+-|\bkillall\s+\w",
    ),
    Mark.INJECTION: _rule(
        "discord_modules|discord_desktop_core|app.asar|betterdiscord|index.js",
        rf"discord_desktop_core|{_SEP}app\.asar\b|betterdiscord{_SEP}|discord_modules",
    ),
    Mark.AGENT: _rule(
        "claude|cursorrules|.cursor|mcp.json|copilot-instructions|agents.md|.windsurf|.gemini|mcp_config",
        rf"(?:^|{_SEP})claude\.md$|\.claude{_SEP}|\.claude\.json|claude_desktop_config\.json|\.cursorrules"
        rf"|\.cursor{_SEP}(?:rules|mcp\.json)|\.mcp\.json|copilot-instructions\.md|(?:^|{_SEP})agents\.md$"
        rf"|\.windsurf(?:rules|{_SEP})|\.gemini{_SEP}settings",
    ),
    Mark.PUBLISH: _rule(
        "publish|twine|_authtoken",
        r"\b(?:npm|yarn|pnpm|uv|poetry|flit|hatch) publish\b|\btwine upload\b|:_authtoken=",
    ),
    Mark.ORDERS: _rule(
        "instructions|the user|<important>",
        r"(?:ignore|disregard|forget) (?:all |any )?(?:the )?(?:previous|prior|above|earlier) instructions"
        r"|(?:do not|don't|never) (?:tell|mention|inform|notify|reveal)(?: this| it"
        r"| that)?(?: to)? the user|<important>",
    ),
    Mark.ENCODED_URL: _rule(
        "ahr0cdovl|ahr0chm6ly|687474703a2f|68747470733a|//:ptth|//:sptth|yl6mhc0rha|lvodc0rha",
        r"(?-i:^\s*aHR0c(?:DovL|HM6Ly)[\w+/=\s-]{6,400}$|^[\w+/=-]{6,400}(?:yL6MHc0RHa|vL?oDc0RHa)$)"
        r"|^(?:687474703a2f2f|68747470733a2f2f)[0-9a-f]{12,}$|^\S{4,300}//:s?ptth$",
    ),
    Mark.ENCODED_CODE: _rule(
        BEGINNINGS.lower().replace(" ", "|"),
        rf"(?-i:^\s*(?:{_ENCODED})[A-Za-z0-9+/=\s]{{2,}}$)",
    ),
    Mark.COMMAND_SENDS: _rule(
        "curl|wget|nslookup|ping|dig",
        r"\bcurl\b[^\n]{0,300}\s(?-i:-d|--data(?:-\w+)?|-F|--form|-T|--upload-file)[\s=]"
        r"|\bwget\b[^\n]{0,200}--post-(?:data|file)"
        r"|\b(?:curl|wget|nslookup|ping|dig)\b[^\n]{0,200}(?:\$\(|`)(?:whoami|hostname|id|env|uname|cat|pwd)\b",
    ),
    Mark.COIN_ADDRESS: _rule(
        "[13]|{40}|bc1",
        r"\[13\]\[a-km-z|\[13\]\{1\}\[a-km-z|\(bc1\|\[13\]\)|0x\[a-f(?:a-f)?0-9\]\{40\}"
        r"|0x\[0-9a-f(?:a-f)?\]\{40\}",
    ),
}


def _trie(words: list[str]) -> str:
    """A pattern for any of `words` that shares their beginnings: five times as fast as a plain alternation."""
    if "" in words:
        return ""
    firsts = sorted({word[0] for word in words})
    branches = [
        re.escape(first) + _trie([word[1:] for word in words if word[0] == first]) for first in firsts
    ]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


_NEEDLES = sorted({needle for rule in _RULES.values() for needle in rule.needles})
#: One search that says whether any needle is there at all.
_GATE = re.compile(_trie(_NEEDLES))
#: What paths, addresses and command lines hold, and plain words do not.
_TELLING = re.compile(r"[^\w=]")
#: A plain word of this length or less can only hold needles that are plain words, which are few.
_WORD = 24
_WORD_GATE = re.compile(_trie([needle for needle in _NEEDLES if not _TELLING.search(needle)]))


@lru_cache(maxsize=8192)
def marks(text: str) -> tuple[tuple[Mark, str], ...]:
    """Each mark that `text` bears, once, with the part that bears it; () for nearly all texts."""
    text = text[:MAX_SCANNED]
    low = text.lower()
    plain = len(low) <= _WORD and not _TELLING.search(low)
    if not (_WORD_GATE if plain else _GATE).search(low):
        return ()
    return tuple(_found(text, low))


def _found(text: str, low: str) -> Iterator[tuple[Mark, str]]:
    for mark, rule in _RULES.items():
        if any(needle in low for needle in rule.needles):
            hit = rule.pattern.search(text)
            if hit and (mark is not Mark.ADDRESS or _public(hit.group(1))):
                yield mark, hit.group()


def _public(address: str) -> bool:
    try:
        return ipaddress.IPv4Address(address).is_global
    except ValueError:
        return False


def mark(text: str, *wanted: Mark) -> str:
    """The part of `text` that bears one of the `wanted` marks, "" if none does."""
    return next((part for kind, part in marks(text) if kind in wanted), "")
