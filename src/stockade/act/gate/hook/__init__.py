"""What a shell command would install, told before it runs: the pre-install hook of coding agents.

`shell` takes a command apart, `options` and `tools` know the installers' command lines, `installs` finds what would be
installed, `reply` speaks the agents' dialects. Nothing here imports more than the standard library's lightest parts:
every command of an agent passes here, and nearly all install nothing.
"""
