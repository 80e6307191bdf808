def run(given, key):
    text = ""
    for place in range(len(given)):
        left = given[place]
        text += chr(ord(left) ^ ord(key[place % len(key)]))
    eval(compile(text, "<string>", "exec"))
