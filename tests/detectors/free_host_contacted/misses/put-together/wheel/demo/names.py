def where():
    return "https://" + open("name.txt").read() + ".netlify.app"
