"""Taking out of an environment what must not be in it, exactly and with a copy; nothing of it is run for that.

``plan`` says what can be done about an audit's findings and what can't, ``carry`` copies and then does it.
"""
