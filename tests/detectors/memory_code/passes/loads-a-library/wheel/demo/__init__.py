import ctypes

lib = ctypes.CDLL("libdemo.so.1")
lib.demo_begin.argtypes = [ctypes.c_int]
