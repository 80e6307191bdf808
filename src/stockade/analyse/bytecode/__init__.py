"""Compiled Python read as data: marshal, code objects of many versions, and the text that they stand for."""
