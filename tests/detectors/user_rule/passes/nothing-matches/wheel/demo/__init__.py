WORD = "plugh"
