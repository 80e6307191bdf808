def run(given, flags):
    mask = flags ^ 3
    exec(given)
    return mask
