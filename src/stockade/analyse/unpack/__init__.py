"""Archives as untrusted trees. `open_tree` is the door; the rest serves it.

zip_directory, zips, tar_headers, tars: what the containers say, and where their readers differ.
inflate: decompression under bounds. paths, signatures: what names and first bytes say. record, metadata,
names, claims: what the artifact says of itself. tree: the index.
"""

from __future__ import annotations

from stockade.analyse.unpack.claims import build_backend
from stockade.analyse.unpack.opening import Opened, open_tree
from stockade.analyse.unpack.paths import logical
from stockade.analyse.unpack.tree import ArchiveTree

__all__ = ["ArchiveTree", "Opened", "build_backend", "logical", "open_tree"]
