import sysconfig
from pathlib import Path


def put():
    place = Path(sysconfig.get_path("purelib")) / "demo-setup.start"
    place.write_text("demo.hook:main")


put()
