import pathlib


def place(folder):
    return pathlib.Path(folder) / ".vscode/tasks.json"
