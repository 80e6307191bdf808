from pynput import keyboard


def begin(on_press):
    return keyboard.Listener(on_press=on_press)
