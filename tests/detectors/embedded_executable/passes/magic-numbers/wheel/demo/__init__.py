ELF = b"\x7fELF"
PE = b"MZ\x90\x00"
WORDS = "TVQQAA is a word"
