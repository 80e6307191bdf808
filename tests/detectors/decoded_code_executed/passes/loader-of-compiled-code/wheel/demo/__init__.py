import marshal
import types


def module(path, name):
    with open(path, "rb") as file:
        code = marshal.loads(file.read()[16:])
    made = types.ModuleType(name)
    exec(code, made.__dict__)
    return made


def called(data):
    return types.FunctionType(marshal.loads(data), globals())
