test -f ~/.aws/credentials || echo missing
curl -s https://status.invalid/ -d "ok=1"
env | sort
