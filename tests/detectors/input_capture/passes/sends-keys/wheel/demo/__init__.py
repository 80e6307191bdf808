from pynput import keyboard


def type_text(text):
    keyboard.Controller().type(text)
