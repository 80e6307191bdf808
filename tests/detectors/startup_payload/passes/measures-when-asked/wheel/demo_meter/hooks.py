def begin(slot):
    return slot
