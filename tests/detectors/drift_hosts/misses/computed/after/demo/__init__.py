NAME = open("/dev/null").read()
URL = "https://" + NAME + "/in"
