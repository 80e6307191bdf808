PLACE = "/AppData/Roaming/Telegram Desktop/tdata"
