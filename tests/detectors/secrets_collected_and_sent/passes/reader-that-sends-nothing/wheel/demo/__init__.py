import sqlite3

STORE = "Google\\Chrome\\User Data\\Default\\Login Data"


def entries(home):
    return sqlite3.connect(home + STORE).execute("select origin_url from logins").fetchall()
