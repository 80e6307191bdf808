WHERE = "https://api.ipify.org?format=json"
