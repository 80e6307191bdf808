"""Tells people what was found: on the terminal, on the desktop, by webhook. Each alert once a channel.

``settings`` reads who is to be told, ``channels`` and ``webhook`` tell it, ``courier`` sees to it that it is told.
"""
