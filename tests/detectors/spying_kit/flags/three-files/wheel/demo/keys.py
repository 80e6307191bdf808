from pynput.keyboard import Listener


def watch(note):
    return Listener(on_press=note)
