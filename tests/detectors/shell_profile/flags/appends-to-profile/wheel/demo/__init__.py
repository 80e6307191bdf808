PLACE = "~/.bashrc"
