NAME = oct.__str__()[-3] + hex.__str__()[-1]
