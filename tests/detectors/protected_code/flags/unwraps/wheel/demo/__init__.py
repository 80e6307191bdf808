from demo.runtime import __pyarmor__

__pyarmor__(__name__, __file__, b"not really")
