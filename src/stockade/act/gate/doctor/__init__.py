"""Which roads past the gate are open on this machine, for this user and this folder, and what closes each.

Nothing here changes anything, and no text of a configuration is told but URLs without their logins.
"""
