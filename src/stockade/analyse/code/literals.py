"""The literals that the prefilter looks for, by what they mean, and the combinations that make a file worth a parse.

A text that begins with ``~`` ignores case. Patterns are YARA regular expressions; each must hold some four
plain characters, or it slows the whole scan down.
"""

from __future__ import annotations

Group = tuple[tuple[str, ...], tuple[str, ...]]


def _group(texts: str, *patterns: str) -> Group:
    """Texts stand between `` | ``."""
    return tuple(texts.split(" | ")) if texts else (), patterns


GROUPS: dict[str, Group] = {
    # What reaches the network.
    "request": _group(
        "import requests | , requests | from requests | requests.get | requests.post | "
        "import httpx | from httpx | aiohttp",
    ),
    "network": _group(
        ", requests | urlopen | urlretrieve | urllib.request | urllib2 | requests. | httpx. | aiohttp | http.client | "
        "httplib | HTTPSConnection | HTTPConnection | urllib3 | websocket | ftplib | smtplib | telnetlib | "
        "pycurl | paramiko | telebot | loop.create_connection | ().create_connection | "
        "gethostbyname | getaddrinfo | dns.resolver | "
        "import socket | from socket | socket.socket | open_connection | import discord | wget.download | "
        "import dropbox | telethon | pyrogram | aiogram | pysftp | URLDownloadToFile | dhooks | web3",
    ),
    "socket": _group(
        "socket.socket | from socket import | socket.create_connection | open_connection",
    ),
    "post": _group(
        "requests.post | .post( | urlencode | sendall( | .send( | files=",
    ),
    "fetch": _group(
        "urlopen | urlretrieve | requests.get | httpx.get | wget.download | urllib.request",
    ),
    "unverified": _group(
        "verify=False | _create_unverified_context | CERT_NONE | disable_warnings",
    ),
    # What starts programs.
    "process": _group(
        "subprocess | os.system | popen | Popen | os.exec | os.spawn | startfile | ShellExecute | pty.spawn | "
        "getoutput | create_subprocess | CreateProcessA | CreateProcessW | WinExec | posix_spawn",
    ),
    "shell": _group(
        "os.system | os.popen | startfile | ShellExecute | pty.spawn | WinExec | import system",
        r"/os import [\w ,]{0,80}\bsystem\b/",
    ),
    "commands": _group(
        "~powershell | ~cmd.exe | cmd /c | bash -c | bash -i | sh -i | ~encodedcommand | mshta | ~certutil | "
        "~rundll32 | ~regsvr32 | ~bitsadmin | ~schtasks | chmod +x | chmod 7 | nohup  | ~taskkill | .ps1 | "
        ".vbs | ~downloadstring | ~invoke- | wscript | pythonw | curl - | wget http | wget - | curl http | "
        "/dev/tcp | | sh | | bash | |sh | |bash | -m pip | pip install | pip.main",
    ),
    "hiding": _group(
        "CREATE_NO_WINDOW | 0x08000000 | 0x8000000 | SW_HIDE | DETACHED_PROCESS | start_new_session | setsid",
    ),
    # What turns data into code.
    "decode": _group(
        "b64decode | a85decode | b85decode | b32decode | b16decode | decodebytes | a2b_base64 | fromhex | "
        "unhexlify | a2b_hex | zlib.decompress | bz2.decompress | lzma.decompress | gzip.decompress | "
        "decompress( | marshal | rot13 | rot_13 | codecs.decode | Fernet | unicode_escape | decodestring",
    ),
    "characters": _group(
        "chr( | map(chr | bytes([ | bytearray([",
    ),
    "reversal": _group(
        "[::-1] | [:: -1] | reversed(",
    ),
    "execution": _group(
        "",
        r"/(^|[^.\w])(exec|eval)\s{0,3}\(/",
    ),
    "compiling": _group(
        "",
        r"/(^|[^.\w])compile\s{0,3}\(/",
    ),
    "indirection": _group(
        "__builtins__ | builtins | globals() | vars() | locals() | sys.modules.get | sys.modules[' | sys.modules[\" | "
        "sys.modules[_ | __dict__[",
    ),
    "importing": _group(
        "__import__ | import_module | SourceFileLoader | exec_module | spec_from_file",
    ),
    "dunder_import": _group(
        "__import__(",
    ),
    "picked": _group(
        "",
        r"/getattr\s{0,2}\(\s{0,2}(os|subprocess|builtins|__builtins__|__import__|importlib|base64|socket)\b/",
    ),
    "machine": _group(
        "ctypes | windll | VirtualAlloc | RtlMoveMemory | CreateThread | memfd_create",
    ),
    "injection": _group(
        "VirtualAlloc | RtlMoveMemory | CreateRemoteThread | memfd_create | WriteProcessMemory",
    ),
    "marshalled": _group(
        "marshal.loads | import marshal | from marshal | 'marshal' | \"marshal\"",
    ),
    "code_object": _group(
        "FunctionType( | CodeType( | co_code=",
    ),
    "cipher": _group(
        "Fernet | AES.new | ChaCha20 | ARC4 | Crypto.Cipher | Cryptodome | pyaes",
    ),
    "blob": _group(
        "",
        r"/(\\x[0-9a-fA-F]{2}){24}/",
        r"/(\\[0-7]{3}){24}/",
        r"/(\\u00[0-9a-f]{2}){24}/",
    ),
    "obfuscator": _group(
        "~pyarmor | ~pyobfuscate | ~blankobf | ~pyfuscate | lIlIl | IlIlI | _0x | O0O0O | __________(",
    ),
    # Where things go to and come from.
    "callback": _group(
        "discord.com/api | discordapp.com/api | api.telegram.org | hooks.slack.com | webhook.site | pipedream | "
        "requestbin | burpcollaborator | oastify | oast. | interact.sh | interactsh | canarytokens | ngrok | "
        "trycloudflare | serveo.net | loca.lt | localtunnel | requestrepo | beeceptor | mockapi | dnslog | "
        "ceye.io | hookbin | ipinfo.io | ipify | ifconfig. | icanhazip | checkip | ip-api.com | ipapi.co | "
        "wtfismyip | myexternalip | ident.me | geolocation-db | httpbin.org/post",
    ),
    "dropbox": _group(
        "pastebin.com | paste.ee | rentry.co | hastebin | ghostbin | controlc.com | transfer.sh | gofile.io | "
        "anonfiles | file.io | catbox.moe | 0x0.st | bashupload | cdn.discordapp | dropbox.com/s | dl.dropbox | "
        "drive.google.com/uc | mediafire | mega.nz | workers.dev | vercel.app | herokuapp | repl.co | replit | "
        "glitch.me | onrender.com | firebaseio | duckdns | no-ip | .onion | ddns | netlify.app | pages.dev | ply.gg | "
        "pinggy",
    ),
    "raw": _group(
        "raw.githubusercontent | gist.github | /releases/download/ | /raw/",
    ),
    "address": _group(
        "",
        r"/(https?|wss?|ftp|tcp):\/\/(\d{1,3}\.){3}\d{1,3}/",
        r"/['\"](\d{1,3}\.){3}\d{1,3}['\"]\s{0,2},\s{0,2}\d{2,5}/",
    ),
    "program": _group(
        "",
        r"/https?:\/\/[^\s'\"]{4,160}\.(exe|ps1|bat|sh|vbs|scr|msi|dll|jar|hta|rar|7z|bin|elf|pyw?|pyc|so)\b['\"? ]/",
    ),
    "cheap_domain": _group(
        "",
        r"/https?:\/\/[a-z0-9.\-]{3,60}\.(xyz|top|ru|tk|ml|ga|cf|gq|pw|cc|su|icu|club|lol|fun|site|online|store|shop|space|live|rest|cfd|sbs|monster|cyou|moe)\b/",
    ),
    # What is taken.
    "wallets": _group(
        "~metamask | exodus | electrum | wallet.dat | nkbihfbeogaeaoehlefnkodbefgpgknn | coinomi | "
        "~trustwallet | ~mnemonic | seed_phrase | seed phrase | xmrig | stratum+tcp",
    ),
    "keys": _group(
        "private_key | privateKey | secretKey",
    ),
    "browsers": _group(
        "Login Data | Local State | cookies.sqlite | logins.json | key4.db | User Data | Web Data | leveldb | "
        "CryptUnprotectData | browser_cookie3 | win32crypt | Local Storage | BraveSoftware | discordcanary | "
        "ROAMING | Roaming | roaming | APPDATA | .minecraft | tdata | ROBLOSECURITY",
    ),
    "credentials": _group(
        "/.ssh | .ssh/ | '.ssh' | \".ssh\" | id_rsa | .aws/ | '.aws' | \".aws\" | .netrc | .npmrc | .pypirc | "
        ".git-credentials | login.keychain | generic-password | .kube/ | '.kube' | \".kube\" | .docker/config | "
        "/etc/passwd | /etc/shadow | "
        "169.254.169.254 | metadata.google | .bash_history | zsh_history | gcloud/ | .azure/ | '.azure' | \".azure\"",
    ),
    "environment": _group(
        "os.environ | getenv",
    ),
    "whole_environment": _group(
        "",
        r"/(dict|str|dumps|repr|list|urlencode)\(\s{0,2}(dict\()?os\.environ\s{0,2}\)/",
        r"/os\.environ\.(items|copy)\(/",
        r"/[=,(:]\s{0,2}os\.environ\s{0,2}[\n,)}\]]/",
    ),
    "host": _group(
        "gethostname | getuser | getlogin | platform.node | getnode( | whoami | COMPUTERNAME | wmic | csproduct",
    ),
    "watching": _group(
        "pynput | ImageGrab | pyautogui | pyperclip | VideoCapture | pyaudio | GetAsyncKeyState | screenshot | "
        "mss",
    ),
    "persistence": _group(
        "crontab | /etc/cron | systemctl | systemd/user | .bashrc | .zshrc | LaunchAgents | \\Startup | "
        "CurrentVersion\\Run | CurrentVersion\\\\Run | winreg | schtasks | authorized_keys | sitecustomize",
    ),
    "shelling": _group(
        "os.dup2 | /dev/tcp | nc -e | mkfifo | pty.spawn | sh -i | bash -i",
    ),
    "defence": _group(
        "MpPreference | advfirewall | amsi.dll | AmsiScan | IsDebuggerPresent | sandboxie | wireshark",
    ),
    "temporary": _group(
        "tempfile | gettempdir | /tmp/ | TEMP | mkdtemp | AppData",
    ),
    "writing": _group(
        "'wb' | \"wb\" | write_bytes | urlretrieve | extractall",
    ),
    "secret": _group(
        "secret | SECRET | api_key | apikey | API_KEY | token | TOKEN | password | credential",
    ),
    "threads": _group(
        "threading | Thread( | multiprocessing | atexit | os.fork",
    ),
    "tools": _group(
        "FastMCP | mcp.server | @mcp.tool | @server.tool | @app.tool | claude_desktop | .cursor/mcp",
    ),
}


def _sets(*lines: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(line.split()) for line in lines)


#: For files that are not installed (tests, examples), which something else has to start, only these do.
ASIDE_COMBINATIONS = _sets(
    "marshalled",
    "blob execution",
    "decode execution",
    "decode importing",
    "decode process network",
    "dropbox process",
    "callback process",
    "program process",
    "commands process network",
    "injection decode",
    "obfuscator execution",
)
#: Any of these makes a file worth a parse.
COMBINATIONS = _sets(
    "marshalled",
    "blob",
    "callback",
    "dropbox",
    "address",
    "program",
    "cheap_domain",
    "injection",
    "obfuscator",
    "shell",
    "picked",
    "whole_environment network",
    "credentials",
    "defence",
    "shelling socket",
    "raw fetch",
    "raw process",
    "decode execution",
    "decode compiling",
    "decode importing",
    "decode indirection",
    "decode process",
    "decode request",
    "code_object",
    "cipher",
    "execution reversal",
    "execution characters",
    "execution fetch",
    "execution request",
    "execution importing",
    "execution post",
    "dunder_import reversal",
    "dunder_import characters",
    "process network",
    "process request",
    "process commands",
    "process hiding",
    "host network",
    "host post",
    "browsers network temporary",
    "browsers request",
    "browsers process",
    "wallets network",
    "wallets request",
    "keys request",
    "keys fetch",
    "keys network post",
    "watching network",
    "persistence writing",
    "persistence process",
    "persistence commands",
    "machine decode",
    "machine network",
    "unverified request",
    "writing request",
    "writing fetch",
    "secret request environment",
    "tools",
)
#: Groups that name things and do nothing: long tables and documentation hold them, and hold nothing else.
(NAMING,) = _sets(
    "callback dropbox raw address program cheap_domain wallets keys credentials environment host secret temporary"
    " writing threads post unverified reversal characters"
)
#: These do where the module's own level calls something.
LEVEL_COMBINATIONS = _sets("process", "network", "request", "execution", "threads")
#: Groups that do something, as against merely naming it.
(ACTING,) = _sets(
    "request network process decode execution watching persistence machine dunder_import hiding"
)
