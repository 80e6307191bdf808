WHERE = "http://2852039166/latest/"
