"""The gate: an index, and a proxy before indexes, that lets out only what was judged.

Start with app.py (what is answered to whom), then book.py (what is known of files) and bench.py (who finds it out).
Imported only by the commands that need it: its libraries come with the extra ``stockade[gate]``.
"""
