def name(function):
    code = "code of " + function.__code__.co_name
    return code
