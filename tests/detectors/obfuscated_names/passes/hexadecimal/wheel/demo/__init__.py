print(0x3FA2, 0x1111, "_0x3fa2b")
print("00000000", "OOOOOOOO")
print("IIIIIIII", "llllllll")
ILLINOIS = dict(name="IL")
