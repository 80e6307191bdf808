LINE = "(crontab -l; echo '@reboot demo') | crontab -"
