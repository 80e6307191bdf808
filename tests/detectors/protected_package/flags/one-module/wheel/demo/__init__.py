from pytransform import pyarmor_runtime

pyarmor_runtime()
__pyarmor__(__name__, __file__, b"\x50\x59", 2)
