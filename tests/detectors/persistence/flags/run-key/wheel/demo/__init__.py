KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
