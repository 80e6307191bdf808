return
[char]65 + [char]66 + [char]67 + [char]68 + [char]69 + [char]70 + [char]71 + [char]72 + [char]73 + [char]74 + [char]75 + [char]76 + [char]77 + [char]78 + [char]79 + [char]80
