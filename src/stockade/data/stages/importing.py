"""Import one module, as a program would: ``importing.py MODULE``. What it started in threads gets a moment."""

import importlib
import sys
import threading
import time

importlib.import_module(sys.argv[1])
if threading.active_count() > 1:
    # Threads that do not hold the interpreter up would die with it.
    ends = time.clock_gettime(time.CLOCK_MONOTONIC) + 2
    for one in threading.enumerate():
        if one is not threading.main_thread():
            one.join(max(0.0, ends - time.clock_gettime(time.CLOCK_MONOTONIC)))
