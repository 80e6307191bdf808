import os
import subprocess

subprocess.Popen(["bash", os.path.join(os.path.dirname(__file__), "start.sh")])
