def hidden_service(host):
    return host.endswith(".onion")
