WORD = "xyzzy-plugh"
