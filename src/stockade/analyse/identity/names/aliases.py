"""Names that people (and language models) take for a project's: what it is imported as, its command, its service."""

from __future__ import annotations

#: Import name, then the project that it is installed by; names are written as PEP 503 leaves them.
_IMPORTS = """
    airflow apache-airflow
    antlr4 antlr4-python3-runtime
    argon2 argon2-cffi
    beam apache-beam
    bluetooth pybluez
    bz2 bz2file
    cairo pycairo
    consul python-consul
    corsheaders django-cors-headers
    cryptodome pycryptodomex
    curl pycurl
    cv opencv-python
    cv2 opencv-python
    dateutil python-dateutil
    dbus dbus-python
    easy-install setuptools
    engineio python-engineio
    faiss faiss-cpu
    firestore google-cloud-firestore
    flink apache-flink
    genai google-genai
    generativeai google-generativeai
    gi pygobject
    git gitpython
    github pygithub
    gitlab python-gitlab
    googleapiclient google-api-python-client
    googlesearch googlesearch-python
    gridfs pymongo
    grpc grpcio
    hcl python-hcl2
    import-export django-import-export
    jenkins python-jenkins
    ldap python-ldap
    llamaindex llama-index
    mecab mecab-python3
    mpd python-mpd2
    mysqldb mysqlclient mysql-python
    nacl pynacl
    netcdf netcdf4
    nmap python-nmap
    opencv opencv-python
    opengl pyopengl
    openssl pyopenssl
    osgeo gdal
    paho paho-mqtt
    pcap pypcap
    pil pillow
    pkg-resources setuptools
    pptx python-pptx
    pylab matplotlib
    pyplot matplotlib
    pythoncom pywin32
    pywintypes pywin32
    rest-framework djangorestframework
    rtmidi python-rtmidi
    ruamel ruamel-yaml
    secp256k1 coincurve
    sentencetransformers sentence-transformers
    shapefile pyshp
    skimage scikit-image
    skopt scikit-optimize
    sksurv scikit-survival
    smb pysmb
    smbus smbus2
    socketio python-socketio
    spark pyspark
    speech-recognition speechrecognition
    sqlite3 pysqlite3
    ssh2 ssh2-python
    systemd systemd-python
    usb pyusb
    usb1 libusb1
    vlc python-vlc
    win32api pywin32
    win32com pywin32
    win32con pywin32
    win32gui pywin32
    wx wxpython
    xdist pytest-xdist
    yaml pyyaml
"""
#: The same for what it isn't imported as: commands, services, and what language models make up.
_CALLED = """
    alchemy sqlalchemy
    atlassian atlassian-python-api
    autogui pyautogui
    aws-boto3 boto3
    aws-cli awscli
    aws-sdk boto3
    azure-blob azure-storage-blob
    azure-openai openai
    barcode python-barcode
    beautiful-soup beautifulsoup4
    binance python-binance
    bitcoin python-bitcoinlib
    bs3 beautifulsoup4
    bs5 beautifulsoup4
    bzip bz2file
    bzip2 bz2file
    chatgpt openai
    chatgpt-api openai
    claude anthropic
    claude-api anthropic
    confluence atlassian-python-api
    confluent confluent-kafka
    custom-tk customtkinter
    deepl-api deepl
    djangorest djangorestframework
    drf djangorestframework
    etcd etcd3
    ethereum web3
    firebase firebase-admin
    flask-sql flask-sqlalchemy
    ftp pyftpdlib
    ftpd pyftpdlib
    gcs google-cloud-storage
    google-api-client google-api-python-client
    google-maps googlemaps
    google-search googlesearch-python
    google-sheets gspread
    google-storage google-cloud-storage
    google-translate googletrans
    gpg python-gnupg
    gpib pyvisa
    gpio rpi-gpio
    gpt4 openai
    gtk pygobject
    gym-env gym
    h5 h5py
    hadoop pyspark
    hdf5 h5py
    hf-hub huggingface-hub
    html5 html5lib
    httplib httplib2
    huggingface-cli huggingface-hub
    i2c smbus2
    ibm-db2 ibm-db
    instagram instagrapi
    jupyter-notebook notebook
    k8s kubernetes
    keras-tensorflow keras
    kube kubernetes
    langchain-openai-api langchain-openai
    lgb lightgbm
    llama-cpp llama-cpp-python
    lxml-html lxml
    mailchimp mailchimp-marketing
    matplot matplotlib
    memcached pymemcache
    modbus pymodbus
    mongo pymongo
    mongodb pymongo
    mqtt paho-mqtt
    mssql pymssql
    mupdf pymupdf
    nltk-data nltk
    numericpy numpy
    oauth oauthlib
    odbc pyodbc
    openai-whisper-api openai-whisper
    openstack openstacksdk
    openweather pyowm
    oracle oracledb
    osm osmnx
    paramiko-ssh paramiko
    paypal paypalrestsdk
    portaudio pyaudio
    postgresql psycopg2
    pyinstall pyinstaller
    pynotifier plyer
    pynput-keyboard pynput
    pyqt pyqt5
    pyside pyside6
    qrcode-generator qrcode
    qt pyqt5
    qt5 pyqt5
    rabbitmq pika
    raspberry-gpio rpi-gpio
    reddit praw
    scikit scikit-learn
    scikit-learning scikit-learn
    selenium-webdriver selenium
    sftp pysftp
    snmp pysnmp
    solana-py solana
    soup beautifulsoup4
    spotify spotipy
    spotipy-api spotipy
    sqlite pysqlite3
    stanford-nlp stanza
    telnet telnetlib3
    tradingview tradingview-ta
    transformers-huggingface transformers
    translate-google googletrans
    twitter tweepy
    urllib urllib3
    urllib2 urllib3
    webdriver selenium
    whatsapp pywhatkit
    win32 pywin32
    winreg pywin32
    xgb xgboost
    xlsx openpyxl
    xmpp slixmpp
    yahoo-finance yfinance
    youtube-downloader yt-dlp
    zendesk zenpy
"""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows = (line.split() for line in text.strip().splitlines())
    return {row[0]: tuple(row[1:]) for row in rows}


#: Import name -> the projects that it may be installed by.
IMPORTS = _table(_IMPORTS)
#: Another name that people call a project by -> that project.
CALLED = _table(_CALLED)

_STDLIB = """
    antigravity argparse array asynchat asyncio asyncore atexit audioop base64 binascii binhex bisect builtins
    calendar cgitb chunk cmath codecs codeop collections colorsys compileall compression concurrent configparser
    contextlib contextvars copy copyreg cprofile crypt csv ctypes curses dataclasses datetime dbm decimal difflib
    distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch formatter
    fractions ftplib functools genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http
    idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale
    logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc
    nntplib ntpath nturl2path numbers opcode operator optparse ossaudiodev parser pathlib pdb pickle
    pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py-compile
    pyclbr pydoc pydoc-data pyexpat queue quopri random readline reprlib resource rlcompleter runpy sched secrets
    select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3
    sre-compile sre-constants sre-parse ssl stat statistics string stringprep struct subprocess sunau
    symbol symtable sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap
    threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo
    types typing unicodedata unittest urllib urllib2 uuid venv warnings wave weakref webbrowser winreg winsound
    wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
"""
#: Modules of Python's standard library (3.11 to 3.14, and what was removed) of four letters or more.
STDLIB = frozenset(_STDLIB.split())
