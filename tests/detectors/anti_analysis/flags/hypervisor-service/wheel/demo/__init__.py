AWAY = ["vmtoolsd.exe", "vboxservice.exe", "wireshark.exe"]
