SHELLS = ["bash", "zsh", "fish", "powershell"]
