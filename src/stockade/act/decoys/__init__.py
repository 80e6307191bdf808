"""Decoy credentials: planted where nothing lies, watched without root, taken out without a trace."""
