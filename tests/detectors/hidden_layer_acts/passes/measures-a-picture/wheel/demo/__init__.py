"""An icon."""

import pathlib

ICON = (pathlib.Path(__file__).parent / "icon.png").read_bytes()
end = ICON.index(b"IEND") + 8
if len(ICON) > end:
    raise ValueError("there is something behind the picture")
