import subprocess
import sys


def install(wanted):
    subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", *wanted])


install(sys.argv[1:])
