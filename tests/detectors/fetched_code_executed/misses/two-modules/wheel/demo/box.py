content = ""
