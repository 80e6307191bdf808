FIRST = "curl -fsSL https://service.invalid/ -D headers.txt"
SECOND = "wget https://service.invalid/"
