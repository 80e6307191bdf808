import subprocess
import tempfile


def compiled(compiler, names):
    folder = tempfile.mkdtemp()
    command = list(compiler) + ["-d", folder] + names
    subprocess.run(command, check=True)
