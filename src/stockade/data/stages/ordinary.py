"""Run a Python file as if on somebody's workstation, some days on: ``ordinary.py DAYS NOTES FILE ARGUMENT…``.

Sleeps are over at once, and clocks have moved on by as much; a machine has eight processors. The interpreter's own
audit events go to the file NOTES, as colour: what runs here can forge them.
"""

import os
import sys
import types

#: Audit events that are told, and how many of them; characters of each.
TOLD = (
    *("os.system", "subprocess.Popen", "os.posix_spawn", "os.exec", "ctypes.dlopen"),
    *("socket.getaddrinfo", "socket.connect", "urllib.Request", "webbrowser.open"),
    *("pickle.find_class", "os.putenv", "shutil.rmtree", "ftplib.connect", "smtplib.connect"),
)
MOST, LONGEST = 200, 300
PROCESSORS = 8
#: Seconds that may be slept; the longest that is waited for something that may come.
SLEPT, WAITED = 0.01, 0.5


def note_audit(path: str) -> None:
    """Write audit events down, each once."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    told: set = set()

    def hook(event: str, arguments: tuple) -> None:
        if event not in TOLD or len(told) >= MOST:
            return
        text = event + " " + " ".join(map(plain, arguments))
        text = text[:LONGEST].replace("\n", " ")
        if text not in told:
            told.add(text)
            os.write(descriptor, text.encode("utf-8", "backslashreplace") + b"\n")

    sys.addaudithook(hook)


def plain(value: object) -> str:
    """A value in words, without calling anything of its own."""
    if type(value) in {str, bytes, int, float, bool, type(None)}:
        return repr(value)[:LONGEST]
    if type(value) in {list, tuple}:
        return "[" + ", ".join(plain(one) for one in value[:8]) + "]"
    return type(value).__name__


def many_processors() -> None:
    """What programs ask of the machine's size."""
    os.cpu_count = lambda: PROCESSORS
    os.sched_getaffinity = lambda pid: set(range(PROCESSORS))


def move_on(days: float) -> None:
    """Clocks that are `days` on, and that sleeps move instead of taking time."""
    import time

    passed = [0.0]
    shift = days * 86400
    really = time.sleep

    def sleep(seconds: float) -> None:
        """Suspend execution for a given number of seconds."""
        really(min(seconds, SLEPT))
        if seconds > SLEPT:
            passed[0] += seconds - SLEPT

    def moved(clock, further: float = 0.0):
        return lambda: clock() + passed[0] + further

    def moved_ns(clock, further: float = 0.0):
        return lambda: clock() + int((passed[0] + further) * 1e9)

    for name, further in (("time", shift), ("monotonic", 0.0), ("perf_counter", 0.0)):
        setattr(time, name + "_ns", moved_ns(getattr(time, name + "_ns"), further))
        setattr(time, name, moved(getattr(time, name), further))
    time.sleep = sleep
    now, gmtime, localtime = time.time, time.gmtime, time.localtime
    time.gmtime = lambda seconds=None: gmtime(now() if seconds is None else seconds)
    time.localtime = lambda seconds=None: localtime(now() if seconds is None else seconds)

    wait_less(passed)
    if days:
        other_dates(now)


def wait_less(passed: list) -> None:
    """Waiting for what may come ends soon, and moves the clocks by the rest."""
    import selectors
    import threading

    wait = threading.Condition.wait

    def wait_for_a_moment(self, timeout=None):
        """Wait until notified or until a timeout occurs."""
        if timeout is None or timeout <= WAITED:
            return wait(self, timeout)
        if wait(self, WAITED):
            return True
        passed[0] += timeout - WAITED
        return False

    threading.Condition.wait = wait_for_a_moment
    # Event loops sleep in their selector.
    chosen = selectors.DefaultSelector
    select = chosen.select

    def select_for_a_moment(self, timeout=None):
        """Wait until some file object is ready, or the timeout expires."""
        if timeout is None or timeout <= WAITED:
            return select(self, timeout)
        ready = select(self, WAITED)
        if not ready:
            passed[0] += timeout - WAITED
        return ready

    chosen.select = select_for_a_moment


def other_dates(now) -> None:
    """The classes of datetime, by the clock that has moved on."""
    import datetime

    plain_date, plain_time = datetime.date, datetime.datetime
    plain: dict = {}

    class Likewise(type):
        """What the C library makes are instances of these, too."""

        def __instancecheck__(cls, other: object) -> bool:
            return isinstance(other, plain.get(cls, ())) or type.__instancecheck__(cls, other)

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, plain.get(cls, ())) or type.__subclasscheck__(cls, other)

    class date(plain_date, metaclass=Likewise):
        @classmethod
        def today(cls):
            return cls.fromtimestamp(now())

    class moment(plain_time, metaclass=Likewise):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(now(), tz)

        @classmethod
        def utcnow(cls):
            return cls.fromtimestamp(now(), datetime.timezone.utc).replace(tzinfo=None)

        @classmethod
        def today(cls):
            return cls.fromtimestamp(now())

    moment.__name__ = moment.__qualname__ = "datetime"
    date.__qualname__ = "date"
    date.__module__ = moment.__module__ = "datetime"
    plain.update({date: plain_date, moment: plain_time})
    datetime.date, datetime.datetime = date, moment


def main() -> None:
    days, notes, file = float(sys.argv[1]), sys.argv[2], sys.argv[3]
    sys.argv = sys.argv[3:]
    many_processors()
    move_on(days)
    note_audit(notes)
    with open(file, "rb") as opened:
        code = compile(opened.read(), file, "exec", dont_inherit=True)
    program = types.ModuleType("__main__")
    program.__file__ = file
    ours, sys.modules["__main__"] = sys.modules["__main__"], program
    exec(code, vars(program))
    del ours


main()
