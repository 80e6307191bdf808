started = None
