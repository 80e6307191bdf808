IlIIllIIl = print
lIlIIlIlI = len
IlIIllIIl(lIlIIlIlI("abcd"))
IlIIllIIl(lIlIIlIlI("abcde"))
IlIIllIIl(lIlIIlIlI("abcdef"))
