exit 0
echo aW5lcnQ= | base64 -d | bash
