import importlib


class Visitor:
    def visit(self, node):
        return getattr(self, f"visit_{type(node).__name__}")(node)


def backend(name):
    return importlib.import_module("demo.backends." + name)
