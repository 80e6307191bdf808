import urllib.request


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    urllib.request.urlopen("https://files.example.invalid/x", timeout=1)
