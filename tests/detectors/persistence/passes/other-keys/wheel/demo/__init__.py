KEY = r"Software\Microsoft\Windows\CurrentVersion\Uninstall"
TEXT = "runs at application startup, not from a crontab"
