#!/usr/bin/env python3
"""Write src/stockade/analyse/code/known_modules_generated.py: the names under which well-known projects are imported.

    python tools/gen_known_modules.py            write it
    python tools/gen_known_modules.py --check    write nothing; exit 1 if it is stale

Most projects are imported under their own name; those in OTHERS are not.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

from stockade.acquire.reference import popular

OUT = Path(__file__).parents[1] / "src/stockade/analyse/code/known_modules_generated.py"
MOST = 5_000
OTHERS = """
    Crypto Cryptodome IPython MySQLdb OpenSSL PIL PyQt5 PyQt6 PySide2 PySide6 Tea Xlib _pytest _typeshed airflow
    alibabacloud_rpc_util antlr4 attr azure botocore bs4 bson cairo corsheaders cv2 cython dateutil django dns
    docx dotenv engineio faiss fitz gi git github google googleapiclient grpc hdbscan import_export jaraco jose
    jwt kafka ldap lxml magic markdown matplotlib mpl_toolkits nacl opentelemetry pkg_resources pptx proto
    psycopg2 pythoncom pywintypes rest_framework ruamel scikits serial setuptools skimage sklearn slugify socks
    strands tensorflow termcolor tkinter usb win32api win32con win32gui wx xdist yaml zmq
    Cython PyInstaller _cffi_backend _distutils_hack annotationlib aws_cdk backports cassandra darabonba fontTools
    graphql httpx2 mesonbuild mysql opensearchpy rpds socketio websocket yara zope
    ConfigParser HTMLParser Queue StringIO __builtin__ __pypy__ _dummy_thread cPickle cStringIO dummy_threading httplib
    thread urllib2 urlparse
"""


def text() -> str:
    """The module's text."""
    names = {name.replace("-", "_") for name in list(popular())[:MOST]}
    return (
        '"""The names under which well-known projects are imported. Written by tools/gen_known_modules.py."""\n\n'
        "from __future__ import annotations\n\n"
        f"_NAMES = {_quoted(names)}\n"
        "#: Projects by their own names, which most are imported under.\n"
        "KNOWN_PROJECTS = frozenset(_NAMES.split())\n"
        f"_OTHERS = {_quoted(set(OTHERS.split()))}\n"
        "KNOWN_MODULES = KNOWN_PROJECTS | frozenset(_OTHERS.split())\n"
    )


def _quoted(names: set[str]) -> str:
    body = textwrap.fill(" ".join(sorted(name for name in names if name.isidentifier())), 116)
    return f'"""\n{textwrap.indent(body, "    ")}\n"""'


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(
            0
            if OUT.read_text(encoding="utf-8") == text()
            else f"{OUT.name} is stale: run {Path(__file__).name}"
        )
    OUT.write_text(text(), encoding="utf-8")
