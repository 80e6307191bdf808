import site


def install():
    with open(site.getsitepackages()[0] + "/demo.pth", "w") as file:
        file.write("./lib")
