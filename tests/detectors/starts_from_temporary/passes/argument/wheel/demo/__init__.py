import subprocess
import tempfile


def formatted(text):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
        file.flush()
        subprocess.run(["demo-format", file.name], check=True)
        subprocess.run(["demo-log", "/tmp/demo.log"], check=True)


def edited(editor, text):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
        subprocess.run([editor, file.name], check=True)
        subprocess.run(f"{editor} {file.name}", shell=True, check=True)
