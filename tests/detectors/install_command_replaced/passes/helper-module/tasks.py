from setuptools.command.install import install


class Install(install):
    def run(self):
        print("hello")


def prepare():
    print("ready")
