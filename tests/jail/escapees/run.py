"""One escapee: ``python FOLDER NAME FACTS``. Exits with 0 if it got out, 3 if it was held, 77 where it won't run."""

from __future__ import annotations

import errno
import os
import resource
import sys

from tests.jail.escapees import Escape, Held, ceilings, facts, files, kernel, network, processes

OUT, HELD, UNSAFE = 0, 3, 77

ESCAPES: dict[str, Escape] = {
    name.replace("_", "-"): escape
    for module in (files, network, processes, kernel, ceilings)
    for name, escape in module.ESCAPES.items()
}

_MOST_MEMORY, _MOST_FILE, _MOST_SECONDS = 512 << 20, 8 << 20, 10


def main(arguments: list[str]) -> int:
    """Make sure that nothing can be hurt, then try."""
    name, text = arguments
    known = facts.read(text)
    # 1. Not in the host's network, nor where nothing says which network this is.
    try:
        stands_in = os.stat("/proc/self/ns/net").st_ino
    except OSError as why:
        print(f"unsafe: cannot tell the network apart: {why}")
        return UNSAFE
    if stands_in == known.host_network:
        print("unsafe: this is the host's network")
        return UNSAFE
    # 2. Bounds of its own, wide enough for what it is to try.
    for which, most in (
        (resource.RLIMIT_AS, _MOST_MEMORY * 4),
        (resource.RLIMIT_FSIZE, _MOST_FILE),
        (resource.RLIMIT_CPU, _MOST_SECONDS),
    ):
        hard = resource.getrlimit(which)[1]
        if hard == resource.RLIM_INFINITY or hard > most:
            resource.setrlimit(which, (min(most, resource.getrlimit(which)[0] % (1 << 63) or most), most))
    # 3. One try.
    try:
        print("out:", ESCAPES[name](known), flush=True)
    except Held as why:
        print("held:", why)
    except MemoryError:
        print("held: no memory")
    except OSError as why:
        print("held:", errno.errorcode.get(why.errno or 0, "?"), why)
    else:
        return OUT
    return HELD


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
