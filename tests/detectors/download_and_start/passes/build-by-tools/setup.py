import os
import shutil
import subprocess
import urllib.request

import cmake
from setuptools import setup

STRIP = shutil.which("strip")
urllib.request.urlretrieve("https://files.example.invalid/lib.tar.gz", "lib.tar.gz")
command = ["cargo", "build", "--release"]
if os.environ.get("DEMO_TESTS"):
    command.extend(["--features", "tests"])
subprocess.run(command, check=True)
subprocess.run([os.path.join(cmake.CMAKE_BIN_DIR, "cmake"), "--build", "."], check=True)
subprocess.run([STRIP, "-g", "demo.so"], check=True)
setup(name="demo", version="1.0")
