import subprocess


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    subprocess.check_call(["cmake", "--build", "."])
