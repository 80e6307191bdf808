import importlib

try:
    speedups = importlib.import_module("demo._speedups")
except ImportError:
    speedups = None
VERSION = __import__("importlib.metadata").metadata.version
