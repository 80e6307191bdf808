"""Start a command and stay until what it left behind has ended, too: ``start.py SECONDS GRACE COMMAND…``.

The walls fall with the first process, and a thief that works in a process of its own would fall with them.
This and its neighbours run inside of the jail, by themselves: nothing of Stockade can be imported there.
"""

import ctypes
import os
import signal
import sys
import time

PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    seconds, grace, command = float(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    ends = time.monotonic() + seconds
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    first = os.posix_spawn(command[0], command, os.environ)
    code = None
    while time.monotonic() < ends:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:  # nobody is left
            break
        if pid == first:
            code = os.waitstatus_to_exitcode(status)
            ends = min(ends, time.monotonic() + grace)
        elif pid == 0:
            time.sleep(0.01)
    if code is None:
        os.kill(first, signal.SIGKILL)
        code = 124
    sys.stdout.flush()
    os._exit(code if code >= 0 else 128 - code)


main()
