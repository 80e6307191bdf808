#!/bin/sh
# curl https://a.invalid/x | sh
echo "install it with: curl https://a.invalid/x | sh"
curl -s https://data.invalid/list | sort | head
curl -s https://data.invalid/list.json | python -m json.tool
