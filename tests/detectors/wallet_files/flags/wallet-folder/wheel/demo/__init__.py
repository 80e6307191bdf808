PLACE = "/AppData/Roaming/Ethereum/keystore"
