def launcher(gui):
    return "pythonw.exe" if gui else "python.exe"
