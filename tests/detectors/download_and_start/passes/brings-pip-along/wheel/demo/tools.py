"""Puts an installer into an interpreter that has none, for those who work on the project."""

import os
import sys
import tempfile
from urllib.request import urlopen

ADDRESS = "https://bootstrap.demo.invalid/installer/get.py?latest"


def install():
    with tempfile.NamedTemporaryFile(suffix=".py") as file:
        file.write(urlopen(ADDRESS).read())
        file.flush()
        code = os.system("%s %s --user --upgrade" % (sys.executable, file.name))
    return code
