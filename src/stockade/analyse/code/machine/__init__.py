"""Runs a pure subset of Python on constants, under a budget, so that what a decoder makes can be read.

Nothing of the analysed file is ever handed to the interpreter that runs us: statements and expressions are
walked one by one, names are looked up among what the walk over the file knows, and whatever is not arithmetic on
constants (a file, a connection, an unknown name) ends the run. A run that ends early has no effect at all.
"""
