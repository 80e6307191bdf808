PLACE = r"Software\Microsoft\Windows\CurrentVersion\Run"
