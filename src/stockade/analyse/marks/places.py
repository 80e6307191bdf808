"""Marks of places: where secrets lie, hosts that take or hand out data, files that others obey."""

from __future__ import annotations

from stockade.analyse.marks.kinds import SEP, Mark, Rule, rule

_HOST_END = r"(?=[/:?\s\"'<>]|$)"
_PROGRAM_SUFFIX = r"\.(?:exe|msi|scr|dll|bat|cmd|ps1|vbs|hta|pyw|jar|lnk|elf|apk|dmg|sh)"

PLACES: dict[Mark, Rule] = {
    Mark.CREDENTIAL_FILE: rule(
        "id_rsa|id_ed25519|id_ecdsa|id_dsa|.aws|git-credentials|.pypirc|netrc|.npmrc|kube|docker"
        "|default_credentials|serviceaccount|.vault-token|filezilla|winscp|.pgpass|.my.cnf|history|/proc/"
        "|hosts.yml|.azure|.ssh|.gnupg|.env|gcloud|keychain|internet-password|generic-password|.cargo|rclone.conf|.s3cfg"
        "|.terraform.d|tfrc.json|huggingface|.databrickscfg|.claude|.config|.boto",
        r"\bid_(?:rsa|ed25519|ecdsa|dsa)\b(?!\.pub)|\.aws[\\/]+credentials|\.git-credentials|\.pypirc"
        r"|(?<!\w)[._]netrc\b|(?<!\w)\.npmrc|\.kube[\\/]+config|\.docker[\\/]+config\.json"
        r"|application_default_credentials\.json|secrets/kubernetes\.io/serviceaccount|\.vault-token"
        r"|filezilla[\\/]+(?:recentservers|sitemanager)|winscp\.ini|\.pgpass|\.my\.cnf"
        r"|\.(?:bash|zsh|mysql|psql|python)_history|/proc/(?:self|\d+|1)/environ|\bgh[\\/]+hosts\.yml"
        r"|\.azure[\\/]+(?:accesstokens|msal_token)|(?<!\w)\.ssh(?:[\\/]|$)|(?<!\w)\.gnupg"
        r"|gcloud[\\/]+(?:credentials|access_tokens)\.db|login\.keychain|find-(?:internet|generic)-password"
        r"|dump-keychain|\.cargo[\\/]+credentials|rclone\.conf|(?<!\w)\.s3cfg|\.terraform\.d[\\/]+credentials"
        r"|credentials\.tfrc\.json|huggingface[\\/]+token\b|(?<!\w)\.databrickscfg|\.claude[\\/]+\.credentials"
        r"|\.config[\\/]+solana|(?<!\w)\.boto\b(?!\.)",
    ),
    Mark.ACCOUNTS_FILE: rule(
        "/etc/",
        r"/etc/(?:passwd|shadow|sudoers|group)\b",
    ),
    Mark.BROWSER: rule(
        "login data|web data|cookies|logins.json|key3.db|key4.db|local state|user data|bravesoftware"
        "|opera software|yandexbrowser|google|firefox|formhistory",
        rf"\blogin data\b|\bweb data\b|{SEP}cookies$|{SEP}network{SEP}cookies|cookies\.sqlite"
        rf"|logins\.json|\bkey[34]\.db\b|(?:^|[\\/])local state$|{SEP}user data\b|bravesoftware{SEP}"
        rf"|opera software{SEP}|yandexbrowser{SEP}|cookies\.binarycookies|formhistory\.sqlite"
        rf"|application support{SEP}google{SEP}chrome\b|\.config{SEP}google-chrome\b|\.mozilla{SEP}firefox"
        rf"|(?:mozilla|application support){SEP}firefox{SEP}profiles",
    ),
    Mark.WALLET: rule(
        "exodus|electrum|atomic|keystore|coinomi|jaxx|guarda|wallet.dat|ledger live"
        "|nkbihfbeogaeaoehlefnkodbefgpgknn|fhbohimaelbohpjbbldcngcnapndodjp"
        "|hnfanknocfeofbddgcijnmhnfnkdnaad|bfnaelmomeimhlpmgjnjophhpkkoljpa"
        "|ibnejdfjmmkpcnlpebklmnkoeoihofec|ejbalbakoplchlghecdalmeeeajnimhm|metamask|solana|armory|zcash"
        "|egjidjbpglichdcondbcbdnbeeppgdph|acmacodkjbdgmoleebolmdjonilkdbch|mcohilncbfahbmgdjkbpemcciiolgcge"
        "|dmkamcknogkgcdfhhbddcghachkejeap|bhhhlbepdkbapadjdnnojkbgioiodbic|fnjhmkhhmkbjkkabndcnnogagogbneec"
        "|aholpfdialjgjfhomihkjbmgjidlcdno|aflkmfhebedbjioipglgcbcmnbpgliof|opcgpfmipidbgpenhmajoajpbobppdil"
        "|bytecoin|multibit|daedalus|monero|wasabi|keepass|bitwarden",
        rf"exodus\.wallet|{SEP}exodus\b|^exodus$|electrum{SEP}(?:wallets|config)|{SEP}electrum\b"
        rf"|atomic{SEP}local storage|{SEP}atomic wallet|ethereum{SEP}keystore|\bcoinomi\b|\bjaxx\b"
        rf"|{SEP}guarda\b|\bwallet\.dat\b|{SEP}ledger live|com\.liberty\.jaxx|{SEP}armory\b"
        rf"|{SEP}zcash\b|{SEP}solana{SEP}id\.json|nkbihfbeogaeaoehlefnkodbefgpgknn"
        rf"|fhbohimaelbohpjbbldcngcnapndodjp|hnfanknocfeofbddgcijnmhnfnkdnaad"
        rf"|bfnaelmomeimhlpmgjnjophhpkkoljpa|ibnejdfjmmkpcnlpebklmnkoeoihofec"
        rf"|ejbalbakoplchlghecdalmeeeajnimhm|^metamask$|egjidjbpglichdcondbcbdnbeeppgdph"
        rf"|acmacodkjbdgmoleebolmdjonilkdbch|mcohilncbfahbmgdjkbpemcciiolgcge|dmkamcknogkgcdfhhbddcghachkejeap"
        rf"|bhhhlbepdkbapadjdnnojkbgioiodbic|fnjhmkhhmkbjkkabndcnnogagogbneec|aholpfdialjgjfhomihkjbmgjidlcdno"
        rf"|aflkmfhebedbjioipglgcbcmnbpgliof|opcgpfmipidbgpenhmajoajpbobppdil|{SEP}bytecoin\b|{SEP}multibit"
        rf"|daedalus mainnet|monero{SEP}wallets|walletwasabi{SEP}|{SEP}keepassxc?{SEP}|bitwarden{SEP}data\.json",
    ),
    Mark.DISCORD: rule(
        "leveldb|{24|{84}|dqw4w9wgxcq|users/@me|lightcord|discordcanary|discordptb|mfa\\.",
        rf"local storage{SEP}leveldb|\{{24\}}.{{0,12}}\{{6\}}|\{{24,\d+\}}.{{0,12}}\{{6\}}|mfa\\\.\["
        rf"|dqw4w9wgxcq:|discord(?:app)?\.com/api/v\d+/users/@me|{SEP}lightcord\b"
        rf"|{SEP}discord(?:canary|ptb)\b",
    ),
    Mark.SESSION: rule(
        "tdata|ssfn|loginusers.vdf|roblosecurity|launcher_profiles|launcher_accounts|growtopia"
        "|telegram desktop|openvpn connect|riotgamesprivate|protonvpn|nordvpn|epicgameslauncher",
        rf"{SEP}tdata\b|telegram desktop{SEP}|\bssfn|loginusers\.vdf|\.?roblosecurity"
        rf"|launcher_(?:profiles|accounts)\.json|{SEP}growtopia\b|openvpn connect{SEP}profiles"
        rf"|riotgamesprivatesettings|{SEP}(?:proton|nord)vpn{SEP}|epicgameslauncher{SEP}saved",
    ),
    Mark.WEBHOOK: rule(
        "/webhooks/|hooks.slack.com|webhook.office.com|chat.googleapis.com|open.feishu.cn|oapi.dingtalk.com",
        r"discord(?:app)?\.com/api(?:/v\d+)?/webhooks/\d{15}|hooks\.slack\.com/(?:services|workflows)/T\w"
        r"|webhook\.office\.com/webhook|chat\.googleapis\.com/v1/spaces/\w+/messages\?key="
        r"|open\.feishu\.cn/open-apis/bot/v2/hook/\w|oapi\.dingtalk\.com/robot/send\?access_token=\w",
    ),
    Mark.BOT: rule(
        "api.telegram.org",
        r"api\.telegram\.org/bot",
    ),
    Mark.BOT_KEY: rule(
        ":aa",
        r"(?<!\d)\d{8,10}:aa[\w-]{31,35}(?![\w-])",
    ),
    Mark.PASTE: rule(
        "pastebin.|paste.|rentry.|hastebin.|ghostbin.|controlc.com|dpaste.|pastie.|ix.io|termbin."
        "|textbin.|justpaste.|pastecode.|privatebin.|0bin.|paste2.|nopaste.|bpa.st|throwbin.",
        r"(?:^|//|[.@\s])(?:pastebin\.(?:com|pl|fi)"
        r"|paste\.(?:ee|fo|rs|gg|mozilla\.org|c-net\.org|bingner\.com|tc)|rentry\.(?:co|org)|hastebin\.\w+"
        r"|ghostbin\.\w+|controlc\.com|dpaste\.\w+|pastie\.\w+|ix\.io|termbin\.com|textbin\.net"
        r"|justpaste\.it|pastecode\.\w+|privatebin\.\w+|0bin\.net|paste2\.org|nopaste\.\w+|bpa\.st"
        r"|throwbin\.io)" + _HOST_END,
    ),
    Mark.DROP: rule(
        "discordapp.|transfer.sh|file.io|gofile.io|anonfile|catbox.moe|0x0.st|bashupload|tmpfiles.org"
        "|dropbox|drive.google|mediafire|mega.nz|temp.sh|oshi.at|uguu.se|pixeldrain|sendspace|workupload"
        "|krakenfiles|oshiupload|filebin.net|bayfiles|dl.dropbox|r2.dev|1drv.ms|store1.|upload|qu.ax|envs.sh|x0.at"
        "|fileditch|buzzheavier|send.cm|ufile.io|easyupload.io|files.fm|file.re|keep.sh|pomf.|temp-file|tmpfile.link",
        r"(?:cdn|media)\.discordapp\.(?:com|net)/attachments|(?:^|//|[.@])(?:transfer\.sh|file\.io"
        r"|gofile\.io|anonfiles?\.(?:com|cc|me|io)|(?:\w+\.)?catbox\.moe|0x0\.st|bashupload\.com|tmpfiles\.org|temp\.sh"
        r"|oshi\.at|uguu\.se|pixeldrain\.com|sendspace\.com|workupload\.com|krakenfiles\.com|filebin\.net"
        r"|bayfiles\.com|mega\.nz|1drv\.ms|(?:\w+\.)?mediafire\.com|pub-[0-9a-f]{32}\.r2\.dev|qu\.ax"
        r"|envs\.sh|x0\.at|fileditch\w*\.\w+|buzzheavier\.com|send\.cm|ufile\.io|easyupload\.io|files\.fm|file\.re"
        r"|keep\.sh|pomf\.\w+|tmpfile\.link)"
        + _HOST_END
        + r"|dl\.dropbox(?:usercontent)?\.com/s|dropbox\.com/s\S+[?&]dl=1|drive\.google\.com/uc\?",
    ),
    Mark.RAW: rule(
        "githubusercontent.com/|/raw/|gist.|?raw=true|/-/raw",
        r"(?:raw|gist)\.githubusercontent\.com/|github\.com/[^\s/]+/[^\s/]+/raw/|bitbucket\.org/.+/raw/"
        r"|/-/raw/|gitee\.com/.+/raw/|github\.com/\S+\?raw=true",
    ),
    Mark.CALLBACK: rule(
        "oast|interact.sh|interactsh|burpcollaborator|pipedream|requestbin|webhook.site|canarytokens"
        "|dnslog|ceye.io|beeceptor|requestcatcher|hookbin|requestrepo|dnsbin|mocky.io|mockapi|bxss|xss.ht"
        "|xss.report|pingb.in|ptsv|postb.in|webhook-test|callback.red|eyes.sh|typedwebhook|sslip|digimg"
        "|hookdeck|hookb.in|iplogger|grabify|webhookrelay|webhook.cool|httpworkbench|2no.co|ezstat.ru|yip.su|webhookinbox",
        r"(?:^|//|[.@\s])(?:oast\.(?:pro|live|site|online|fun|me)|oastify\.com|interact\.sh"
        r"|interactsh\.com|burpcollaborator\.net|(?:m|x)\.pipedream\.net|requestbin\.(?:com|net|io)"
        r"|webhook\.site|canarytokens\.(?:com|org)|dnslog\.(?:cn|ink|pw|store)|ceye\.io|beeceptor\.com"
        r"|requestcatcher\.com|hookb\.?in(?:\.com)?|requestrepo\.com|dnsbin\.\w+|mocky\.io|mockapi\.io"
        r"|bxss\.me|xss\.ht|xss\.report|pingb\.in|ptsv[23]\.com|postb\.in|webhook-test\.com|callback\.red"
        r"|eyes\.sh|typedwebhook\.tools|hookdeck\.com|iplogger\.\w+|grabify\.link|hooks\.webhookrelay\.com"
        r"|webhook\.cool|httpworkbench\.com|2no\.co|ezstat\.ru|yip\.su|webhookinbox\.com)" + _HOST_END,
    ),
    Mark.TUNNEL: rule(
        "ngrok|serveo.net|localtunnel|trycloudflare|loca.lt|localhost.run|lhr.life|pagekite|bore.pub"
        "|portmap|playit.gg|devtunnels|duckdns|no-ip|ddns|hopto|zapto|sytes|000webhost|glitch.me|repl.co"
        "|replit.dev|.onion|herokuapp|pythonanywhere|workers.dev|vercel.app|netlify.app|onrender.com"
        "|web.app|firebaseio|xsph|atwebpages|infinityfree|ply.gg|pinggy|tunnelmole|telebit|zrok|loclx|cpolar|ddnsfree|dynu"
        "|mooo.com|bounceme|servegame|myftp.|redirectme|kozow|ooguy|gleeze|dynv6|chickenkiller|ignorelist|giize|accesscam",
        r"(?:^|//|[.@\s])[\w-]*\.?(?:\w+\.)*(?:ngrok(?:-free)?\.(?:io|app|dev)|serveo\.net|localtunnel\.me"
        r"|trycloudflare\.com|loca\.lt|localhost\.run|lhr\.life|pagekite\.me|bore\.pub"
        r"|portmap\.(?:io|host)|playit\.gg|devtunnels\.ms|duckdns\.org|no-ip\.\w+|ddns\.net|hopto\.org"
        r"|zapto\.org|sytes\.net|000webhostapp\.com|glitch\.me|repl\.co|replit\.dev|[a-z2-7]{16,56}\.onion|xsph\.ru"
        r"|atwebpages\.com|pythonanywhere\.com|-default-rtdb\.firebaseio\.com"
        r"|ply\.gg|pinggy\.(?:io|link|online)|tunnelmole\.(?:com|net)|telebit\.(?:cloud|io)|zrok\.io|loclx\.io"
        r"|cpolar\.(?:cn|top|io)|ddnsfree\.com|dynu\.net|mooo\.com|bounceme\.net|servegame\.com|myftp\.(?:biz|org)"
        r"|redirectme\.net|kozow\.com|ooguy\.com|gleeze\.com|dynv6\.net|chickenkiller\.com|ignorelist\.com"
        r"|giize\.com|accesscam\.org)" + _HOST_END,
    ),
    Mark.FREE: rule(
        "netlify.app|vercel.app|workers.dev|pages.dev|onrender.com|herokuapp.com|web.app|firebaseapp.com|railway.app"
        "|fly.dev|deno.dev|replit.app|koyeb.app|surge.sh|pythonanywhere.com|000webhostapp.com|repl.co|glitch.me"
        "|azurewebsites.net|cloudfunctions.net|appspot.com|ngrok",
        r"(?:^|//|[.@])[\w-]+(?:\.[\w-]+)*\.(?:netlify\.app|vercel\.app|workers\.dev|pages\.dev|onrender\.com"
        r"|herokuapp\.com|web\.app|firebaseapp\.com|railway\.app|fly\.dev|deno\.dev|replit\.app|koyeb\.app"
        r"|surge\.sh|pythonanywhere\.com|000webhostapp\.com|repl\.co|glitch\.me|azurewebsites\.net"
        r"|cloudfunctions\.net|appspot\.com|ngrok(?:-free)?\.(?:io|app|dev))" + _HOST_END,
    ),
    Mark.ADDRESS: rule(
        "://",
        r"(?:https?|ftp|tcp|wss?)://(?:[^@/\s]*@)?(\d{1,3}(?:\.\d{1,3}){3})(?![\d.])",
    ),
    Mark.OWN_ADDRESS: rule(
        "ipify|ipinfo|ip-api|ifconfig|checkip|icanhazip|ipapi|ident.me|myip|geojs|ipwho|iplocation|ip.sb"
        "|wtfismyip|httpbin|geolocation-db|ipgeolocation|seeip|freegeoip|ip.me|ip.42.pl",
        r"(?:^|//|[.@\s])(?:ipify\.org|ipinfo\.io|ip-api\.com|ifconfig\.(?:me|co|io)"
        r"|checkip\.(?:amazonaws\.com|dyndns\.(?:com|org))|icanhazip\.com|ipapi\.co|ident\.me"
        r"|myip\.(?:com|\w+\.\w+|wtf)|geojs\.io|ipwho\.is|ipwhois\.app|iplocation\.\w+|ip\.sb"
        r"|wtfismyip\.com|httpbin\.org/ip|geolocation-db\.com|ipgeolocation\.\w+|seeip\.org|freegeoip\.\w+"
        r"|ip\.me|ip\.42\.pl)" + _HOST_END,
    ),
    Mark.METADATA: rule(
        "169.254.|metadata.google|fd00:ec2|100.100.100.200|metadata.azure",
        r"169\.254\.169\.254|169\.254\.170\.2|metadata\.google\.internal|fd00:ec2::254|100\.100\.100\.200"
        r"|metadata\.azure\.internal",
    ),
    Mark.PROFILE: rule(
        "bashrc|bash_profile|zshenv|zshrc|.profile|zprofile|config.fish|profile.ps1",
        r"(?:^|[~/\\])\.(?:bashrc|bash_profile|zshrc|profile|zprofile|zshenv)\b|profile\.ps1"
        r"|fish/config\.fish",
    ),
    Mark.EXECUTABLE_URL: rule(
        "://",
        rf"(?:https?|ftp)://[^\s\"'<>/]+/[^\s\"'<>]*{_PROGRAM_SUFFIX}(?=[?#\s\"'<>;|&)]|$)",
    ),
    Mark.INJECTION: rule(
        "discord_modules|discord_desktop_core|app.asar|betterdiscord|index.js",
        rf"discord_desktop_core|{SEP}app\.asar\b|betterdiscord{SEP}|discord_modules",
    ),
    Mark.AGENT: rule(
        "claude|cursorrules|.cursor|mcp.json|copilot-instructions|agents.md|.windsurf|.gemini|gemini.md|mcp_config"
        "|tasks.json|folderopen|.clinerules|.codex|.kiro",
        rf"(?:^|{SEP})(?:claude|agents|gemini)\.md$|\.claude{SEP}|\.claude\.json|claude_desktop_config\.json"
        rf"|\.cursorrules|\.cursor{SEP}(?:rules|mcp\.json)|\.mcp\.json|\.vscode{SEP}(?:mcp|tasks)\.json"
        rf"|copilot-instructions\.md|\.windsurf(?:rules|{SEP})|\.gemini{SEP}settings|^folderopen$|\.clinerules"
        rf"|\.codex{SEP}|\.kiro{SEP}|windsurf{SEP}mcp_config\.json",
    ),
    Mark.ENCODED_URL: rule(
        "ahr0cdovl|ahr0chm6ly|687474703a2f|68747470733a|//:ptth|//:sptth|yl6mhc0rha|odc0rha",
        r"(?-i:^\s*aHR0c(?:DovL|HM6Ly)[\w+/=\s-]{6,400}$|^[\w+/=-]{6,400}(?:yL6MHc0RHa|voDc0RHa)$)"
        r"|^(?:687474703a2f2f|68747470733a2f2f)[0-9a-f]{12,}$|^\S{4,300}//:s?ptth$",
    ),
    Mark.COIN_ADDRESS: rule(
        "[13]|{40}|bc1",
        r"\[13\]\[a-km-z|\[13\]\{1\}\[a-km-z|\(bc1\|\[13\]\)|0x\[a-f(?:a-f)?0-9\]\{40\}"
        r"|0x\[0-9a-f(?:a-f)?\]\{40\}",
    ),
    Mark.RUNTIME: rule(
        "bun.sh|oven-sh|deno.land|denoland|nodejs.org",
        r"bun\.sh/install|github\.com/oven-sh/bun/releases|deno\.land/(?:x/)?install|\bdl\.deno\.land"
        r"|github\.com/denoland/deno/releases|nodejs\.org/(?:dist|download)/",
    ),
}
