import keyboard


def watch(action):
    keyboard.on_press(action)
