"""Marks of command lines and programs: what a string would do if something ran it."""

from __future__ import annotations

import re

from stockade.analyse.marks.kinds import SEP, Mark, Rule, rule

#: How text that begins like Python, a script or a command line begins in base64.
_BEGINNINGS = (
    "aW1wb3J0I ZnJvbS ZXhlYyg ZXZhbC IyEvYml IyEvdXNy Y3VybC Y3VybA== d2dldC d2dldA== cG93ZXJzaGVsb "
    "cHl0aG9uI cHl0aG9uM YmFzaC Y21kI Y21kLmV4 ZGVmI dHJ5O Y2xhc3Mg CmltcG9ydC Cgppb DQppbXBvcn IyAtKi0gY29k "
    "c3VicHJvY2Vzc b3Muc3lzdGVt X19pbXBvcnRf dXJsbGli c29ja2V0 CmZyb20g"
)
_ENCODED = "|".join(map(re.escape, _BEGINNINGS.split()))

_HANDS = r"\b(?:read|cat|send|upload|include|collect|access|pass|attach)\b"
#: What an agent can reach and its user would not hand out.
_HELD = r"(?:~?/?\.ssh\b|id_rsa|\.aws/credentials|(?<!\w)\.env\b|mcp\.json|\.npmrc|/etc/passwd|private keys?)"
_PRIVATE = rf"(?:{_HELD}|api keys?|environment variables|credentials)"

COMMANDS: dict[Mark, Rule] = {
    Mark.PERSIST: rule(
        "currentversion|start menu|crontab|launchagents|launchdaemons|systemctl|/etc/cron|schtasks"
        "|/etc/systemd|systemd/user|autostart|startup|rc.local|authorized_keys|ld.so.preload|winlogon"
        "|scheduledtask|wantedby=",
        rf"currentversion{SEP}run(?:once)?\b|start menu{SEP}programs{SEP}startup|\bcrontab\s+-"
        rf"|\|\s*crontab\b|library/launch(?:agents|daemons)|systemctl\s+(?:--user\s+)?(?:enable|start)"
        rf"|/etc/cron|schtasks(?:\.exe)?\s+/create|/etc/systemd/system/|systemd/user/|\.config/autostart"
        rf"|^[\\/]+(?-i:Startup)[\\/]*$|^(?-i:Startup)[\\/]+$|/etc/rc\.local|\.ssh/authorized_keys|ld\.so\.preload"
        rf"|currentversion{SEP}winlogon|new-scheduledtask|register-scheduledtask"
        rf"|wantedby=(?:multi-user|default)\.target",
    ),
    Mark.DISABLE: rule(
        "mppreference|enablelua|defend|advfirewall|setenforce|amsi|wuauserv|disableantispyware|realtimemonitoring"
        "|drivers|executionpolicy|iptables|netsh|fodhelper|shadowcopy|vssadmin",
        r"(?:set|add)-mppreference|disable(?:realtimemonitoring|antispyware)"
        r"|windows defender.{0,40}(?:disable|exclusion|stop)|netsh\s+(?:advfirewall|firewall)"
        r"|setenforce\s+0|amsi(?:initfailed|utils|scanbuffer)"
        r"|(?:stop|delete|config)\s+(?:windefend|wuauserv)|enablelua|drivers[\\/]+etc[\\/]+hosts"
        r"|iptables\s+-f\b|fodhelper|vssadmin\s+delete|shadowcopy\s+delete",
    ),
    Mark.MACHINE: rule(
        "vmware|vbox|virtualbox|qemu|xenservice|vmtoolsd|vmsrvc|prl_|sandboxie|sbiedll|vboxservice"
        "|vmusrvc|wdagutility|joebox",
        r"^vmware$|vmware(?:tray|user|service|hostd)|vmtoolsd"
        r"|vbox(?:service|tray|guest|mouse|hook)|^virtualbox$|qemu-ga|xenservice|vmsrvc|vmusrvc"
        r"|prl_(?:tools|cc)|sbiedll|joebox|wdagutilityaccount|\\vmware, inc",
    ),
    Mark.TOOLS: rule(
        "wireshark|processhacker|ollydbg|x64dbg|x32dbg|ida64|fiddler|httpdebugger|procmon|dnspy|pestudio"
        "|processhacker|regmon|autoruns|tcpview|immunitydebugger|charles",
        r"\b(?:wireshark\.exe|processhacker|ollydbg|x(?:64|32)dbg|ida64|fiddler|httpdebuggerui|procmon(?:64)?"
        r"|dnspy|pestudio|autoruns|tcpview|immunitydebugger)(?:\.exe)?\b",
    ),
    Mark.POWERSHELL: rule(
        "powershell|pwsh|frombase64string|invoke-expression|downloadstring|downloadfile|iex ",
        r"(?:powershell|pwsh)(?:\.exe)?[\"']?.{0,160}\s-(?:e|ec|enc|encodedcommand|w|windowstyle|exec"
        r"|executionpolicy|ep|nop|noprofile|noni|command|c)\b|frombase64string|invoke-expression"
        r"|\.downloadstring\(|\.downloadfile\(|\biex .{0,60}(?:new-object|iwr|irm|http)",
    ),
    Mark.FETCH_AND_RUN: rule(
        "curl|wget|certutil|bitsadmin|mshta|regsvr32|iwr|invoke-webrequest|start-bitstransfer|downloadfile",
        r"\b(?:curl|wget)\b[^\n]{0,300}?(?:\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|\|\s*python"
        r"|&&?\s*(?:chmod|sh|bash|start|\./|python|py)\b|;\s*(?:chmod|sh|bash|python)\b)"
        r"|\b(?:ba|z)?sh\s+-c\s+[\"']?\$\((?:curl|wget)|\b(?:ba)?sh\s+<\((?:curl|wget)"
        r"|\bcurl\b[^\n]{0,200}\s(?:-o|--output)\s*\S+|certutil(?:\.exe)?\s.{0,40}-(?:urlcache|decode)"
        r"|bitsadmin(?:\.exe)?\s+/transfer|mshta(?:\.exe)?\s+(?:https?|vbscript|javascript):"
        r"|regsvr32.{0,40}/i:http"
        r"|(?:iwr|invoke-webrequest|start-bitstransfer)\b.{0,200}(?:-outfile|-o\b|-uri|-source|http)",
    ),
    Mark.REVERSE: rule(
        "/dev/tcp/|/dev/udp/|nc |ncat|socat|bash -i|sh -i|mkfifo|tcpclient|pty.spawn|dup2|meterpreter"
        "|/bin/sh|/bin/bash",
        r"/dev/(?:tcp|udp)/\S+|\bn(?:c|cat) (?:[^\n]{0,60}\s)?-(?:e|c)\s*\S|\bsocat\b.{0,80}exec:"
        r"|\b(?:ba|z)?sh -i\b|mkfifo\s.{0,80}\bnc\b|net\.sockets\.tcpclient|os\.dup2\(s"
        r"|\bsocket\b[\s\S]{0,400}pty\.spawn\(|\bmeterpreter\b",
    ),
    Mark.PIP: rule(
        "pip",
        r"\bpip3?(?:\.exe)?[\"']?\s+(?:-\S+\s+)*install\b|\bpip\._internal",
    ),
    Mark.MINER: rule(
        "stratum+|xmrig|minerd|nicehash|moneroocean|supportxmr|nanopool|c3pool|ethermine|randomx",
        r"stratum\+(?:tcp|ssl)://|\bxmrig\b|moneroocean\.stream|supportxmr\.com|c3pool\.com|\bminerd\b"
        r"|nanopool\.org:",
    ),
    Mark.PROGRAM: rule(
        "exec(|eval(|os.system(|subprocess|startfile(",
        r"(?:exec|eval)\(.{0,160}(?:urlopen|requests\.get|b64decode|decompress|marshal|\.decrypt"
        r"|httpx\.get)|(?:urlopen|urlretrieve|requests\.(?:get|post)"
        r"|httpx\.(?:get|post)).{0,600}(?:\bexec\(|os\.system\(|subprocess\.(?:run|popen|call)"
        r"|startfile\()",
    ),
    Mark.EXECUTABLE: rule(
        "tvqqaa|tvpqaa|tvoaaa|f0vmr|mz|\x7felf|4d5a9000|7f454c46|this program cannot be run",
        r"^tv(?:qqaa|pqaa|oaaa)[a-z0-9+/]{60}|^f0vmrg[a-z0-9+/]{60}"
        r"|^mz[\x00-\xff]{60,400}this program cannot|^\x7felf[\x01\x02]|^4d5a9000[0-9a-f]{60}"
        r"|^7f454c46[0-9a-f]{60}",
    ),
    Mark.WINDOWLESS: rule(
        "pythonw|.pyw|w.exe",
        r"\bpythonw(?:\.exe)?\b|\.pyw\b|^w\.exe$",
    ),
    Mark.KILL: rule(
        "taskkill|pkill|killall|stop-process",
        r"taskkill(?:\.exe)?\s+/|\bpkill\s+-|\bkillall\s+\w",
    ),
    Mark.PUBLISH: rule(
        "publish|twine|_authtoken",
        r"\b(?:npm|yarn|pnpm|uv|poetry|flit|hatch) publish\b|\btwine upload\b|:_authtoken=",
    ),
    Mark.ORDERS: rule(
        "instructions|user|<important>|<system>|human",
        r"(?:ignore|disregard|forget|override) (?:all |any )?(?:the |your )?(?:previous|prior|above|earlier)"
        r" (?:system )?instructions"
        r"|(?:do not|don't|never|must not) (?:tell|mention|inform|notify|reveal|disclose|show|alert)(?: this| it"
        r"| that)?(?: to)? (?:the|your) (?:user|human)|<important>"
        r"|without (?:telling|informing|notifying|alerting) (?:the|your) (?:user|human)"
        r"|hide this from (?:the|your) user",
    ),
    Mark.ENCODED_CODE: rule(
        _BEGINNINGS.lower().replace(" ", "|"),
        rf"(?-i:^\s*(?:{_ENCODED})[A-Za-z0-9+/=\s]{{2,}}$)",
    ),
    Mark.COMMAND_SENDS: rule(
        "curl|wget|nslookup|ping|dig",
        r"\bcurl\b[^\n]{0,300}\s(?-i:-d|--data(?:-\w+)?|-F|--form|-T|--upload-file)[\s=]"
        r"|\bwget\b[^\n]{0,200}--post-(?:data|file)"
        r"|\b(?:curl|wget|nslookup|ping|dig)\b[^\n]{0,200}(?:\$\(|`)(?:whoami|hostname|id|env|uname|cat|pwd)\b",
    ),
    Mark.DECODED_COMMAND: rule(
        "base64|xxd|openssl|powershell|pwsh|frombase64string",
        r"(?:\bbase64\s+(?:-\w{0,4}d|--decode)\b|\bxxd\s+-r|\bopenssl\s[^\n|]{0,120}\s-d\b)"
        r"[^\n|]{0,300}(?:\|[^\n|]{0,80})?\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b"
        r"|\b(?:eval|(?:ba|z|da)?sh\s+-c)\s+[\"']?(?:\$\(|`)[^\n]{0,300}?\bbase64\s+(?:-\w{0,4}d|--decode)"
        r"|(?:powershell|pwsh)[^\n]{0,200}?\s-e(?:c|nc|ncodedcommand)?\s+[\"']?[a-z0-9+/=]{40}"
        r"|frombase64string[^\n]{0,300}\|\s*(?:iex\b|invoke-expression)",
    ),
    Mark.NODE: rule(
        "child_process|eval(atob(|eval(buffer.from(|process.env|bun.spawn|deno.command",
        r"require\([\"'](?:node:)?child_process[\"']\)|\beval\((?:atob|buffer\.from)\("
        r"|json\.stringify\(process\.env\b|\bbun\.spawn|\bdeno\.command\b",
    ),
    Mark.SCRIPT: rule(
        "#!|@echo off|curl|wget",
        r"^\s*#!\s*/\S{0,40}bin/|@echo off|\n\s*(?:curl|wget)\s",
    ),
    Mark.DESTROYS: rule(
        "shutdown|rm -|del /|erase /|format |mkfs.|of=/dev/|cipher /w|wevtutil|:(){|rd /s|rmdir /s"
        "|remove-item|bcdedit",
        r"\bshutdown(?:\.exe)?\s+(?:[/-][srfph]\b|now\b)"
        r"|\brm -(?:rf|fr)\s+(?:--no-preserve-root\s+)?(?:/|~|\$home|/\*|~/\*)(?:\s|$)"
        r"|\b(?:del|erase) /[fsq]\s+/[fsq]\s|\b(?:rd|rmdir) /s\s+/q\s+[\"']?(?:[a-z]:\\|%(?:userprofile|systemroot)%)"
        r"|\bformat [c-z]:\s*/|\bmkfs\.\w+\s+/dev/|\bof=/dev/(?:sd|nvme|hd|disk)|\bcipher /w:|wevtutil\s+cl\b"
        r"|:\(\)\{|remove-item\b[^\n]{0,80}\bc:\\|bcdedit\s+/(?:delete|set)",
    ),
    Mark.PRIVATE_ORDERS: rule(
        ".ssh|id_rsa|.aws|.env|mcp.json|.npmrc|/etc/passwd|private key|api key|environment variables|credentials",
        rf"(?:before|when|while|after|prior to) (?:using|calling|invoking|running) (?:this|any|the|an?y other) tool"
        rf"(?>.{{0,200}}?{_HANDS})(?>.{{0,120}}?{_HELD})"
        rf"|(?>{_HANDS}.{{0,100}}?{_HELD}).{{0,200}}?(?:as|in|into|via|through) (?:the )?[`'\"]?\w{{1,40}}[`'\"]?"
        rf" (?:parameter|argument|field)"
        rf"|(?>{_HANDS}.{{0,100}}?{_PRIVATE}).{{0,200}}?(?:do not|don't|never)"
        rf" (?:tell|mention|inform|notify|reveal)[^.\n]{{0,40}}?\buser",
        re.DOTALL,
    ),
}
