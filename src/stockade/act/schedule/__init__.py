"""Regular audits and watches: a systemd user timer, a launchd agent or a cron entry, written by us and marked as ours.

``jobs`` says what is run and how often, ``systemd``, ``launchd`` and ``cron`` how each is told, ``plan`` what that
comes to and carries it out.
"""
