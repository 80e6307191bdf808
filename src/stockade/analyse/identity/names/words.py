"""Words that names are dressed up with, brands, and words that mean the same: all lower case."""

from __future__ import annotations

_LANGUAGE = """
    py python python2 python3 py2 py3 pypi pip cpython
"""
_VERSION = """
    v1 v2 v3 v4 v5 v2022 v2023 v2024 v2025 v2026 2022 2023 2024 2025 2026 version
"""
_CHANNEL = """
    dev devel develop beta alpha latest new newer updated update updates upgrade upgraded fix fixed fixes patch
    patched stable release final official original orig real legit true next ng neo pre preview rc test testing
    tests copy clone fork mirror backup legacy old classic modern reloaded continued revived unofficial ce oss
    lib libs libary liberary library libraries sdk sdks package packages pkg pkgs module modules
"""
_KIND = """
    client clients api apis core util utils utility utilities tool tools toolz toolkit toolkits helper helpers
    help kit kits plus pro lite extra extras ext exts extension extensions extended addon addons plugin wrapper
    wrappers handler handlers manager base common commons framework engine install installer setup bin binding
    bindings interface advanced enhanced enhance improved improve optimized boost booster fast faster easy
    simple simplified better best super ultra mega secure secured security safe http https ssl tls proxy socks
    socks5 async asyncio sync aio req reqs request requester session sessions get getter loader downloader func
    funcs functions box support free premium public online info source src code script scripts use uses using
"""
#: What is added to a known name without making it another: of a language, a version, a channel, a kind.
LANGUAGE = frozenset(_LANGUAGE.split())
CHANNEL = frozenset(_CHANNEL.split()) | frozenset(_VERSION.split())
KIND = frozenset(_KIND.split())
DRESS = LANGUAGE | CHANNEL | KIND
#: Of these, what is also glued on without a delimiter, before and after.
_BEFORE = "py python python3 pip lib new my the real free easy simple fast super ultra pro"
GLUED_BEFORE = frozenset(_BEFORE.split())
_NOT_AFTER = "get use ce"
_ENDINGS = "s es er ed ing z"
GLUED_AFTER = (DRESS - frozenset(_NOT_AFTER.split())) | frozenset(_ENDINGS.split())
#: Between and around the words of a name that says "the SDK of that brand" and nothing else.
_FILLERS = """
    cloud service services server account accounts auth authentication credential credentials token tokens key
    keys iam enumer enum sts oss s3 ec2 access connect connector login config configs data model models chat gpt
    ai llm compute storage international global cn us eu demo example sample internal
"""
FILLERS = DRESS | frozenset(_FILLERS.split())

_BRANDS = """
    boto3 aws awscloud amazonaws amz amzn amazon amazoncloud awsclient awssdk awsiam boto
    aliyun-python-sdk-core aliyun alicloud alibaba alibabacloud acloud aliyuncloud aliclient alisdk alicloudsdk aclient
    tencentcloud-sdk-python tencent tencentcloud tcloud qcloud tencentyun tclients tclient tcentcloud
    huaweicloudsdkcore huaweicloud huawei hwcloud
    openai openai chatgpt openaisdk openaiapi deepseek deepseekai deepseeek
    anthropic anthropic claude anthropicai
    google-genai gemini googlegemini googlegenai
    mistralai mistral mistralai
    groq groq groqcloud
    huggingface-hub huggingface hugging-face hf
    azure-core azure microsoftazure azurecloud
    google-cloud-core gcp googlecloud gcloud
    stripe stripe stripepay stripepayments
    twilio twilio
    paypalrestsdk paypal
    python-binance binance
    slack-sdk slack slackapi
    discord-py discord discordapp discordapi
    python-telegram-bot telegram
    pygithub github githubapi
    python-gitlab gitlab
    snowflake-connector-python snowflake snowflakedb
    databricks-sdk databricks
    datadog datadog
    cloudflare cloudflare
    pydo digitalocean
    kubernetes kubernetes k8s
    docker docker
    firebase-admin firebase
    pymongo mongodb mongo
    elasticsearch elasticsearch elastic
    pinecone pinecone
    langchain langchain
    okta okta
    solana solana
"""
#: Brand token -> the project of that brand that people mean by it.
BRANDS = {token: row.split()[0] for row in _BRANDS.strip().splitlines() for token in row.split()[1:]}
_HUBS = """
    openai chatgpt claude gemini hf azure gcp gcloud slack discord telegram github gitlab docker k8s kubernetes
    mongodb mongo elastic elasticsearch langchain solana aws amazon snowflake databricks binance stripe twilio
    paypal cloudflare firebase datadog huggingface anthropic
"""
#: Brand tokens that many honest projects of others bear: they tell something only with words of OFFICIAL.
HUBS = frozenset(_HUBS.split())
_OFFICIAL = """
    sdk sdks client clients core lib libs library official python python3 py pip pypi package pkg real latest
    new credential credentials python-sdk
"""
OFFICIAL = frozenset(_OFFICIAL.split())

_SAME = """
    color colour colors colours
    lib libs library libraries libary
    util utils utility utilities
    tool tools toolz
    image images img imgs
    msg message messages
    auth authentication authenticate
    db database databases
    crypt crypto cryptography cipher
    req request requests
    config configuration configure conf
    env environ environment dotenv
    doc docs document documents
    dir directory folder
    num number numeric numerical
    calc calculator
    async asyncio aio
    http https
    browser webdriver
    date datetime time
    gen generator generate
    parse parser parsing
    learn learning
    ml machinelearning
    2 two to
    4 four for
    1 one
    3 three
    bot bots robot
    flow flows
    soup soap
    torch tourch
    speech voice
    text txt
    pdf pdfs
    sql sqlite
    kit kits
    net network
    plot plots plotting
    frame frames
    graph graphs
    pass password passwd
    sci science scientific
    ext extension extensions
"""
#: Word -> the first of those that mean the same.
SYNONYMS = {word: line.split()[0] for line in _SAME.strip().splitlines() for word in line.split()}
