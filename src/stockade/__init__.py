"""Stockade: may these bytes run here?

Start reading in ``pipeline.py``: the whole road from a requirement to a decision is on that one screen.
"""

__version__ = "0.1.0"
