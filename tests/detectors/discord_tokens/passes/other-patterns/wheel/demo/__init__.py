import re

HEX = re.compile(r"[0-9a-f]{24}")
TOPIC = "leveldb stores keys in order"
