"""Names that code calls, sorted by what they do. Common knowledge about APIs; nothing here names a sample.

A *target* is a dotted name as analyse/code/facts.py defines it. `within` says whether a target is one of a
set's names or a method of what one of them returns.
"""

from __future__ import annotations

from functools import lru_cache


def _names(text: str) -> frozenset[str]:
    """The words of `text`."""
    return frozenset(text.split())


def _methods(makers: str, verbs: str) -> frozenset[str]:
    """Each of `verbs` of each of `makers`."""
    return frozenset(f"{maker}.{verb}" for maker in makers.split() for verb in verbs.split())


#: HTTP by whichever library, high or low.
HTTP = _methods(
    """
    requests requests.api requests.Session requests.session requests.sessions.Session httpx httpx.Client
    httpx.AsyncClient aiohttp.ClientSession aiohttp urllib3 urllib3.PoolManager urllib3.ProxyManager
    urllib3.HTTPSConnectionPool urllib3.HTTPConnectionPool http.client.HTTPConnection
    http.client.HTTPSConnection httplib.HTTPConnection httplib.HTTPSConnection curl_cffi.requests
    curl_cffi.requests.Session curl_cffi.requests.AsyncSession cloudscraper.create_scraper tls_client.Session
    niquests primp.Client requests_html.HTMLSession requests_html.AsyncHTMLSession
    requests_futures.sessions.FuturesSession grequests asks noble_tls.Session rnet.Client
    pip._vendor.requests pip._vendor.requests.Session pip._vendor.requests.api
    requests.packages.urllib3.PoolManager pip._vendor.urllib3.PoolManager botocore.vendored.requests
    tornado.httpclient.HTTPClient tornado.httpclient.AsyncHTTPClient
    """,
    "get post put patch delete head options request stream send",
) | _names(
    """
    ctypes.windll.wininet.InternetOpenUrlA ctypes.windll.wininet.InternetOpenUrlW
    future.moves.urllib.request.urlopen http.client.HTTPSConnection.putrequest httplib2.Http.request
    js.fetch pycurl.Curl.perform pyodide.http.pyfetch rnet.get rnet.post six.moves.urllib.request.urlopen
    tornado.httpclient.AsyncHTTPClient.fetch tornado.httpclient.HTTPClient.fetch treq.get treq.post
    urllib.request.FancyURLopener.open urllib.request.OpenerDirector.open urllib.request.URLopener.open
    urllib.request.build_opener.open urllib.request.urlopen urllib.urlopen urllib2.urlopen
    """
)
#: HTTP that writes what it fetches to a file.
RETRIEVE = _names(
    """
    ctypes.windll.urlmon.URLDownloadToFileA ctypes.windll.urlmon.URLDownloadToFileW ftplib.FTP.retrbinary
    gdown.download paramiko.SFTPClient.get pip._internal.network.download.Downloader pySmartDL.SmartDL
    pysftp.Connection.get
    six.moves.urllib.request.urlretrieve urllib.request.FancyURLopener.retrieve
    urllib.request.URLopener.retrieve urllib.request.urlretrieve urllib.urlretrieve wget.download
    """
)
#: Stream and datagram sockets, and what stands on them without being HTTP.
SOCKET = _names(
    """
    _socket.socket.connect aiohttp.ClientSession.ws_connect aiosmtplib.send anyio.connect_tcp
    asyncio.open_connection ftplib.FTP ftplib.FTP.login ftplib.FTP.storbinary imaplib.IMAP4_SSL.append
    impacket.smbconnection.SMBConnection nntplib.NNTP paho.mqtt.client.Client.connect
    paramiko.SFTPClient.put paramiko.SSHClient.connect paramiko.Transport pyftpdlib.servers.FTPServer
    pysftp.Connection rpyc.connect scapy.all.send scapy.all.sr scapy.all.sr1 smtplib.SMTP
    smtplib.SMTP.send_message smtplib.SMTP.sendmail smtplib.SMTP_SSL smtplib.SMTP_SSL.send_message
    smtplib.SMTP_SSL.sendmail socket.create_connection socket.socket.connect socket.socket.connect_ex
    socket.socket.sendto socketio.Client.connect ssl.SSLContext.wrap_socket.connect
    ssl.create_default_context.wrap_socket.connect ssl.wrap_socket.connect telnetlib.Telnet
    trio.open_tcp_stream websocket.WebSocket.connect websocket.WebSocketApp websocket.create_connection
    websockets.client.connect websockets.connect websockets.sync.client.connect xmlrpc.client.ServerProxy
    """
)
#: What only sends to a chat service.
CHAT = _names(
    """
    aiogram.Bot aiogram.Bot.send_document aiogram.Bot.send_message aiogram.Bot.send_photo
    apprise.Apprise.notify dhooks.Webhook dhooks.Webhook.send discord.RequestsWebhookAdapter
    discord.SyncWebhook.from_url discord.SyncWebhook.from_url.send discord.Webhook.from_url
    discord.Webhook.from_url.send discord.Webhook.send discord_webhook.AsyncDiscordWebhook
    discord_webhook.AsyncDiscordWebhook.execute discord_webhook.DiscordWebhook
    discord_webhook.DiscordWebhook.execute discordwebhook.Discord discordwebhook.Discord.post
    disnake.SyncWebhook.from_url dropbox.Dropbox.files_upload matterhook.Webhook.send
    mega.Mega.login.upload nextcord.SyncWebhook.from_url nextcord.Webhook.from_url
    notifiers.get_notifier.notify pymsteams.connectorcard.send pyrogram.Client.send_document
    pyrogram.Client.send_message slack_sdk.WebClient.files_upload slack_sdk.WebClient.files_upload_v2
    slack_sdk.webhook.WebhookClient.send telebot.TeleBot telebot.TeleBot.infinity_polling
    telebot.TeleBot.polling telebot.TeleBot.send_document telebot.TeleBot.send_message
    telebot.TeleBot.send_photo telebot.async_telebot.AsyncTeleBot
    telebot.async_telebot.AsyncTeleBot.send_document telegram.Bot telegram.Bot.send_document
    telegram.Bot.send_message telegram.Bot.send_photo telegram_send.send telethon.TelegramClient.send_file
    telethon.TelegramClient.send_message telethon.sync.TelegramClient.send_file vk_api.VkApi.method
    """
)
#: Name look-ups: a beacon that passes most firewalls.
LOOKUP = _names(
    """
    aiodns.DNSResolver.query asyncio.AbstractEventLoop.getaddrinfo dns.asyncresolver.resolve
    dns.query.https dns.query.tcp dns.query.tls dns.query.udp dns.resolver.Resolver.query
    dns.resolver.Resolver.resolve dns.resolver.Resolver.resolve_name dns.resolver.query
    dns.resolver.resolve dns.resolver.resolve_name socket.getaddrinfo socket.gethostbyname
    socket.gethostbyname_ex
    """
)
#: Anything that opens a connection or sends. Not `LOOKUP`: libraries look names up for honest reasons.
NETWORK = HTTP | RETRIEVE | SOCKET | CHAT
#: Start another program.
PROCESS = _names(
    """
    _posixsubprocess.fork_exec _winapi.CreateProcess anyio.open_process anyio.run_process
    asyncio.create_subprocess_exec asyncio.create_subprocess_shell
    asyncio.subprocess.create_subprocess_exec asyncio.subprocess.create_subprocess_shell
    commands.getoutput commands.getstatusoutput comtypes.client.CreateObject.Run ctypes.CDLL.popen
    ctypes.CDLL.system ctypes.cdll.LoadLibrary.system ctypes.cdll.msvcrt.system
    ctypes.windll.kernel32.CreateProcessA ctypes.windll.kernel32.CreateProcessW
    ctypes.windll.kernel32.WinExec ctypes.windll.shell32.ShellExecuteA
    ctypes.windll.shell32.ShellExecuteExW ctypes.windll.shell32.ShellExecuteW delegator.run
    distutils.spawn.spawn envoy.run eventlet.green.subprocess.Popen gevent.subprocess.Popen
    gevent.subprocess.call gevent.subprocess.check_output invoke.run os.execl os.execle os.execlp
    os.execlpe os.execv os.execve os.execvp os.execvpe os.popen os.popen2 os.popen3 os.posix_spawn
    os.posix_spawnp os.spawn os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve os.spawnvp
    os.spawnvpe os.startfile os.system pexpect.popen_spawn.PopenSpawn pexpect.run pexpect.spawn
    platform.popen psutil.Popen pty.spawn sarge.run setuptools._distutils.spawn.spawn subprocess.Popen
    subprocess.call subprocess.check_call subprocess.check_output subprocess.getoutput
    subprocess.getstatusoutput subprocess.run trio.lowlevel.open_process trio.run_process
    twisted.internet.utils.getProcessOutput win32api.ShellExecute win32api.ShellExecuteW win32api.WinExec
    win32com.client.Dispatch.Document.Application.ShellExecute win32com.client.Dispatch.Exec
    win32com.client.Dispatch.Run win32com.client.Dispatch.ShellExecute win32com.shell.shell.ShellExecuteEx
    win32process.CreateProcess win32process.CreateProcessAsUser wmi.WMI.Win32_Process.Create
    """
)
#: Run Python from a value.
EXECUTE = _names(
    """
    IPython.get_ipython.run_cell bdb.Bdb.run cProfile.run cProfile.runctx code.InteractiveConsole.push
    code.InteractiveInterpreter.runcode code.InteractiveInterpreter.runsource
    eval exec execfile pdb.run profile.run profile.runctx
    runpy.run_path timeit.Timer timeit.repeat timeit.timeit trace.Trace.run trace.Trace.runctx
    types.CodeType types.FunctionType
    """
)
#: Turn one encoding into another, so that a reader does not see what is there.
DECODE = _names(
    """
    base45.b45decode base58.b58decode base58.b58decode_check base64.a85decode base64.b16decode
    base64.b32decode base64.b32hexdecode base64.b64decode base64.b85decode base64.decodebytes
    base64.decodestring base64.standard_b64decode base64.urlsafe_b64decode base91.decode
    binascii.a2b_base64 binascii.a2b_hex binascii.a2b_hqx binascii.a2b_qp binascii.a2b_uu
    binascii.unhexlify blosc.decompress brotli.decompress brotlicffi.decompress bytearray.fromhex
    bytes.fromhex bz2.decompress codecs.decode codecs.escape_decode compression.zstd.decompress
    email.base64mime.decode email.quoprimime.decode gzip.decompress lz4.block.decompress
    lz4.frame.decompress lzma.decompress marshal.loads pybase64.b64decode quopri.decodestring
    snappy.decompress uu.decode zlib.decompress zlib.decompressobj zstandard.ZstdDecompressor.decompress
    zstandard.decompress zstd.decompress
    """
)
#: Take a cipher off.
DECRYPT = _names(
    """
    Crypto.Cipher.AES.new Crypto.Cipher.ARC4.new Crypto.Cipher.Blowfish.new Crypto.Cipher.ChaCha20.new
    Crypto.Cipher.ChaCha20_Poly1305.new Crypto.Cipher.DES.new Crypto.Cipher.DES3.new
    Crypto.Cipher.Salsa20.new Crypto.Cipher.XOR.new Crypto.Util.strxor.strxor Cryptodome.Cipher.AES.new
    Cryptodome.Cipher.ARC4.new Cryptodome.Cipher.Blowfish.new Cryptodome.Cipher.ChaCha20.new
    Cryptodome.Cipher.DES3.new Cryptodome.Cipher.Salsa20.new cryptocode.decrypt cryptography.fernet.Fernet
    cryptography.fernet.Fernet.decrypt cryptography.fernet.MultiFernet
    cryptography.hazmat.primitives.ciphers.Cipher cryptography.hazmat.primitives.ciphers.aead.AESGCM
    cryptography.hazmat.primitives.ciphers.aead.ChaCha20Poly1305 fernet.Fernet fernet.Fernet.decrypt
    nacl.public.Box.decrypt nacl.public.SealedBox.decrypt nacl.secret.SecretBox
    nacl.secret.SecretBox.decrypt operator.xor pyAesCrypt.decryptFile pyAesCrypt.decryptStream pyDes.des
    pyDes.triple_des pyaes.AESModeOfOperationCBC pyaes.AESModeOfOperationCTR pyaes.AESModeOfOperationGCM
    rsa.decrypt simplecrypt.decrypt tinyaes.AES
    """
)
#: Who and where this machine is; any one of them sent away identifies a victim.
IDENTITY = _names(
    """
    ctypes.windll.advapi32.GetUserNameA ctypes.windll.advapi32.GetUserNameW
    ctypes.windll.kernel32.GetComputerNameA ctypes.windll.kernel32.GetComputerNameW getmac.get_mac_address
    getpass.getuser ifaddr.get_adapters machineid.hashed_id machineid.id netifaces.ifaddresses os.getlogin
    os.getuid os.uname platform.node platform.uname
    psutil.net_if_addrs psutil.process_iter psutil.users pwd.getpwall pwd.getpwuid socket.getfqdn
    socket.gethostname uuid.getnode win32api.GetComputerName win32api.GetUserName win32net.NetUserGetInfo
    """
)
#: What the machine looks like; each alone is what honest telemetry sends.
SURVEY = IDENTITY | _names(
    """
    GPUtil.getGPUs cpuinfo.get_cpu_info os.getcwd os.listdir os.path.expanduser os.scandir os.walk
    pathlib.Path.cwd pathlib.Path.home platform.architecture platform.machine platform.platform
    platform.processor platform.release platform.system platform.version psutil.cpu_count
    psutil.disk_partitions psutil.disk_usage psutil.virtual_memory wmi.WMI
    """
)
#: Reading a file's content.
READ = _names(
    """
    aiofiles.open codecs.open io.open linecache.getlines open os.open os.read pathlib.Path.open
    pathlib.Path.read_bytes pathlib.Path.read_text
    """
)
#: Writing what may be started afterwards; the argument is the content.
WRITE = _names(
    """
    ?.write ?.write_bytes ?.write_text aiofiles.open.write codecs.open.write io.open.write open.write
    open.writelines os.fdopen.write os.pwrite os.write pathlib.Path.open.write
    pathlib.Path.open.writelines pathlib.Path.write_bytes pathlib.Path.write_text shutil.copyfileobj
    tempfile.NamedTemporaryFile.write tempfile.TemporaryFile.write
    """
)
#: Unpack an archive to disk.
EXTRACT = _names(
    """
    py7zr.SevenZipFile.extractall shutil.unpack_archive tarfile.TarFile.extractall tarfile.open.extractall
    zipfile.ZipFile.extract zipfile.ZipFile.extractall
    """
)
#: Rebuild objects from bytes, running what the bytes say.
UNPICKLE = _names(
    """
    _pickle.loads cPickle.loads cloudpickle.load cloudpickle.loads dill.load dill.loads jsonpickle.decode
    pickle.load pickle.loads shelve.open
    """
)
#: Look a name up by its text.
BY_NAME = _names(
    """
    __import__ getattr globals.__getitem__ importlib.import_module vars.__getitem__
    """
)
#: Read a picture or a sound as numbers, in which anything can be hidden.
MEDIA = _names(
    """
    PIL.Image.open wave.open cv2.imread imageio.imread soundfile.read scipy.io.wavfile.read stepic.decode
    stegano.lsb.reveal
    """
)
#: Make names and numbers that nobody can foretell from the source.
CHANCE = _names(
    """
    random.choice random.choices random.randint random.randrange random.sample random.Random random.shuffle
    secrets.choice hashlib.md5 hashlib.sha1 hashlib.sha256 hashlib.sha512
    """
)
#: Watch keys, pointer or screen.
WATCH = _names(
    """
    PIL.ImageGrab.grab PIL.ImageGrab.grabclipboard Xlib.ext.record.create_context
    ctypes.windll.user32.GetAsyncKeyState ctypes.windll.user32.SetWindowsHookExA
    ctypes.windll.user32.SetWindowsHookExW cv2.VideoCapture d3dshot.create dxcam.create
    evdev.InputDevice.read_loop keyboard.hook keyboard.on_press keyboard.on_release keyboard.read_event
    keyboard.record keyboard.start_recording mouse.hook mss.MSS mss.mss pyHook.HookManager
    pyWinhook.HookManager pyaudio.PyAudio.open pyautogui.screenshot pynput.keyboard.Listener
    pynput.mouse.Listener pyscreenshot.grab pyscreeze.screenshot pyxhook.HookManager
    soundcard.default_microphone sounddevice.rec win32api.GetAsyncKeyState
    """
)
#: Read or replace the clipboard.
CLIPBOARD = _names(
    """
    clipboard.copy clipboard.paste ctypes.windll.user32.GetClipboardData
    ctypes.windll.user32.SetClipboardData klembord.get_text klembord.set_text pandas.read_clipboard
    pyperclip.copy pyperclip.paste tkinter.Tk.clipboard_get win32clipboard.GetClipboardData
    win32clipboard.SetClipboardData win32clipboard.SetClipboardText
    """
)
#: Undo the protection that the operating system gives to stored secrets.
UNPROTECT = _names(
    """
    browser_cookie3.brave browser_cookie3.chrome browser_cookie3.chromium browser_cookie3.edge
    browser_cookie3.firefox browser_cookie3.librewolf browser_cookie3.load browser_cookie3.opera
    browser_cookie3.opera_gx browser_cookie3.vivaldi browsercookie.load
    ctypes.windll.crypt32.CryptUnprotectData ctypes.windll.crypt32.CryptUnprotectMemory
    rookiepy.any_browser rookiepy.brave rookiepy.chrome rookiepy.chromium_based rookiepy.edge
    rookiepy.firefox rookiepy.load secretstorage.get_default_collection win32crypt.CryptUnprotectData
    """
)
#: The last parts of Windows calls that place and start code in memory.
MEMORY = _names(
    """
    CreateRemoteThread CreateThread EnumSystemLocalesA NtCreateThreadEx QueueUserAPC RtlCreateHeap
    RtlMoveMemory VirtualAlloc VirtualAllocEx VirtualProtect VirtualProtectEx WriteProcessMemory
    """
)
#: Programs that builds ask, and that look at the machine without changing it.
BUILD_TOOLS = _names(
    """
    ./autogen.sh ./configure ar arch autoconf automake autoreconf bison brew bzr c++ cargo cc chmod chown
    cl cl.exe clang clang++ cmake codesign configure cups-config curl-config cython cython3 dot doxygen
    dpkg dpkg-architecture dpkg-query f2py fc-list file flex freetype-config g++ gcc gdal-config
    geos-config getconf gfortran git gmake go gsl-config hg hipcc icc install_name_tool javac krb5-config
    ld ldconfig ldd libtool lipo llvm-config locale lsb_release lscpu m4 machine make mariadb_config meson
    mkdir msgfmt mvn mysql_config nc-config net-snmp-config ninja npm nproc nvcc nvidia-smi objcopy otool
    pandoc patch patchelf pcre-config pg_config pkg-config pkgconf pnpm protoc python-config
    python3-config rocm-smi rocminfo rpm rustc sdl-config sdl2-config sed sphinx-build strip stty svn
    sw_vers swig sysctl system_profiler tar touch tput tty uname unzip vcvarsall.bat vswhere vswhere.exe
    where which xcode-select xcodebuild xcrun xml2-config xslt-config yarn
    """
)
#: What ends or changes a process's own file.
REMOVE = _names(
    """
    os.remove os.unlink pathlib.Path.unlink shutil.rmtree
    """
)


@lru_cache(maxsize=1 << 14)
def within(target: str, names: frozenset[str]) -> bool:
    """Whether `target` is one of `names`, or a method or attribute of what one of them returns."""
    if target in names:
        return True
    end = target.rfind(".")
    while end > 0:
        if target[:end] in names:
            return True
        end = target.rfind(".", 0, end)
    return False


def touching(origins: frozenset[str], names: frozenset[str]) -> frozenset[str]:
    """The members of `origins` that are within `names`."""
    return frozenset(origin for origin in origins if within(origin, names))
