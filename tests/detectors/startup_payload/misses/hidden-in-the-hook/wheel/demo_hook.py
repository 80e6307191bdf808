exec("VALUE = 1")
