"""Names that people (and language models) take for a project's: what it is imported as, its command, its service."""

from __future__ import annotations

#: Import name, then the project that it is installed by; names are written as PEP 503 leaves them.
_IMPORTS = """
    aio-http aiohttp
    airflow apache-airflow
    alchemy sqlalchemy
    amqp-client amqp
    ansi-colors ansicolors
    antlr4 antlr4-python3-runtime
    argon2 argon2-cffi
    asana-python asana
    atlassian atlassian-python-api
    autogui pyautogui
    aws-boto3 boto3
    aws-cli awscli
    aws-sdk boto3
    azure-blob azure-storage-blob
    azure-openai openai
    barcode python-barcode
    bcrypt-python bcrypt
    beam apache-beam
    beautiful-soup beautifulsoup4
    binance python-binance
    bitcoin python-bitcoinlib
    bluetooth pybluez
    boto4 boto3
    brotlipy-lib brotlipy
    bs3 beautifulsoup4
    bs5 beautifulsoup4
    bz2 bz2file
    bzip bz2file
    bzip2 bz2file
    cairo pycairo
    cairosvg2 cairosvg
    catboost-python catboost
    chatgpt openai
    chatgpt-api openai
    claude anthropic
    claude-api anthropic
    confluence atlassian-python-api
    confluent confluent-kafka
    consul python-consul
    corsheaders django-cors-headers
    cryptodome pycryptodomex
    curl pycurl
    custom-tk customtkinter
    cv opencv-python
    cv2 opencv-python
    cx-freeze-python cx-freeze
    dateutil python-dateutil
    dbus dbus-python
    deepl-api deepl
    djangorest djangorestframework
    dockerpy docker
    drf djangorestframework
    easy-install setuptools
    ecdsa-python ecdsa
    engineio python-engineio
    etcd etcd3
    ethereum web3
    faiss faiss-cpu
    firebase firebase-admin
    firestore google-cloud-firestore
    flask-sql flask-sqlalchemy
    flink apache-flink
    ftp pyftpdlib
    ftpd pyftpdlib
    fuzzywuzzy-python fuzzywuzzy
    gcs google-cloud-storage
    gdal-python gdal
    genai google-genai
    generativeai google-generativeai
    gi pygobject
    git gitpython
    github pygithub
    gitlab python-gitlab
    google-api-client google-api-python-client
    google-maps googlemaps
    google-search googlesearch-python
    google-sheets gspread
    google-storage google-cloud-storage
    google-translate googletrans
    googleapiclient google-api-python-client
    googlesearch googlesearch-python
    googletranslate googletrans
    gpg python-gnupg
    gpib pyvisa
    gpio rpi-gpio
    gpt4 openai
    gridfs pymongo
    grpc grpcio
    gtk pygobject
    gym-env gym
    h5 h5py
    hadoop pyspark
    hcl python-hcl2
    hdf5 h5py
    hf-hub huggingface-hub
    html5 html5lib
    httplib httplib2
    huggingface-cli huggingface-hub
    i2c smbus2
    ibm-db2 ibm-db
    import-export django-import-export
    instagram instagrapi
    ipython3 ipython
    jenkins python-jenkins
    jira-python jira
    jupyter-notebook notebook
    k8s kubernetes
    keras-tensorflow keras
    kube kubernetes
    langchain-openai-api langchain-openai
    ldap python-ldap
    levenstein levenshtein
    lgb lightgbm
    llama-cpp llama-cpp-python
    llamaindex llama-index
    lxml-html lxml
    mailchimp mailchimp-marketing
    marshmellow marshmallow
    matplot matplotlib
    mecab mecab-python3
    memcached pymemcache
    modbus pymodbus
    mongo pymongo
    mongodb pymongo
    mpd python-mpd2
    mqtt paho-mqtt
    mssql pymssql
    mupdf pymupdf
    mysqldb mysqlclient mysql-python
    nacl pynacl
    netcdf netcdf4
    netmiko-ssh netmiko
    nltk-data nltk
    nmap python-nmap
    notebooks notebook
    nuitka-compiler nuitka
    numericpy numpy
    oauth oauthlib
    odbc pyodbc
    ollama-python ollama
    openai-whisper-api openai-whisper
    opencv opencv-python
    opengl pyopengl
    openssl pyopenssl
    openstack openstacksdk
    openweather pyowm
    oracle oracledb
    osgeo gdal
    osm osmnx
    paho paho-mqtt
    paramiko-ssh paramiko
    paypal paypalrestsdk
    pcap pypcap
    pil pillow
    pinecone-python pinecone
    pkg-resources setuptools
    portaudio pyaudio
    postgres-driver psycopg2
    postgresql psycopg2
    pptx python-pptx
    prettytables prettytable
    progress-bar progressbar2
    protobuf3 protobuf
    pydantic-core2 pydantic-core
    pyinstall pyinstaller
    pylab matplotlib
    pynotifier plyer
    pynput-keyboard pynput
    pyplot matplotlib
    pyqt pyqt5
    pyside pyside6
    pythoncom pywin32
    pytorch3 torch
    pywintypes pywin32
    qrcode-generator qrcode
    qt pyqt5
    qt5 pyqt5
    rabbitmq pika
    raspberry-gpio rpi-gpio
    reddit praw
    redis-py redis
    rest-framework djangorestframework
    rsa-python rsa
    rtmidi python-rtmidi
    ruamel ruamel-yaml
    scapy3 scapy
    sci-kit-learn scikit-learn
    scikit scikit-learn
    scikit-learning scikit-learn
    scrypt-python scrypt
    seaborne seaborn
    secp256k1 coincurve
    selenium-webdriver selenium
    sendgrid-python sendgrid
    sentencetransformers sentence-transformers
    sftp pysftp
    shapefile pyshp
    skimage scikit-image
    skopt scikit-optimize
    sksurv scikit-survival
    smb pysmb
    smbus smbus2
    snmp pysnmp
    socketio python-socketio
    solana-py solana
    soup beautifulsoup4
    spark pyspark
    speech-recognition speechrecognition
    spotify spotipy
    spotipy-api spotipy
    sql-alchemy sqlalchemy
    sqlite pysqlite3
    sqlite-driver pysqlite3
    sqlite3 pysqlite3
    ssh2 ssh2-python
    stanford-nlp stanza
    stripe-python stripe
    systemd systemd-python
    tabulate-python tabulate
    telnet telnetlib3
    tensor-flow tensorflow
    tensorflow-python tensorflow
    term-color termcolor
    tiktoken-python tiktoken
    torch-audio torchaudio
    torch-vision torchvision
    tradingview tradingview-ta
    transformers-huggingface transformers
    translate-google googletrans
    twilio-python twilio
    twitter tweepy
    urlib urllib3
    urllib urllib3
    urllib2 urllib3
    usb pyusb
    usb1 libusb1
    uvicorn-server uvicorn
    vlc python-vlc
    web3py web3
    webdriver selenium
    whatsapp pywhatkit
    wikipedia-python wikipedia
    win32 pywin32
    win32api pywin32
    win32com pywin32
    win32con pywin32
    win32gui pywin32
    winreg pywin32
    wx wxpython
    xdist pytest-xdist
    xgb xgboost
    xlsx openpyxl
    xmpp slixmpp
    yahoo-finance yfinance
    yahoofinance yfinance
    yaml pyyaml
    youtube-dl-python youtube-dl
    youtube-downloader yt-dlp
    zendesk zenpy
"""
IMPORTS: dict[str, tuple[str, ...]] = {}
for _line in _IMPORTS.strip().splitlines():
    _alias, *_projects = _line.split()
    IMPORTS[_alias] = tuple(_projects)

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
