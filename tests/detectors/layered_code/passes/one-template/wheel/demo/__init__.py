exec("def reraise(kind, value, trace):\n    raise value.with_traceback(trace)\n")
