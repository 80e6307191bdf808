HELP = "Install ngrok to open a tunnel."
