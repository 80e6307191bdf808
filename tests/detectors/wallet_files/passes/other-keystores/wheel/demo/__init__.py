PLACE = "certs/keystore.jks"
WORD = "electrum rated"
