TEXT = "\x51\x53\x4f\x4f\x55\   x09hello there"
TORN = "\x           49\x51\x4c\x4f\x55\x09\x06\x49\x06\x08"
exec("".join(chr(ord(one) ^ 33) for one in TORN))
