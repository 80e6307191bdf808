LINE = "echo aW5lcnQ= | base64 -d | bash"
