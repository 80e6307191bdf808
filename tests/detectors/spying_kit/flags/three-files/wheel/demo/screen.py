import pyautogui


def picture():
    return pyautogui.screenshot()
