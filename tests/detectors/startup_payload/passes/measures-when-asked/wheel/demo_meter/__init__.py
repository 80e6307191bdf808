"""Measures what a process does."""
