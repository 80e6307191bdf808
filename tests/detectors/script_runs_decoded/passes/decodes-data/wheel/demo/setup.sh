base64 -d icon.b64 > icon.png
base64 -d list.b64 | sort
