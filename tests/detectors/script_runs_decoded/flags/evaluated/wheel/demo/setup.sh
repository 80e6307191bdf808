exit 0
eval "$(echo aW5lcnQ= | base64 --decode)"
