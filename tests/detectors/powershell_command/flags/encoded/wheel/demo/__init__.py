LINE = "powershell -NoProfile -WindowStyle Hidden -EncodedCommand ZQBjAGgAbwA="
