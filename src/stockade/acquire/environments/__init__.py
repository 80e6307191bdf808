"""The Python environments of this machine, and what their own files say of them.

    for environment in find([Path.home()], home, os.environ, note=gaps.append):
        found = inventory(environment, stamps=stamps)

`find` tells where they are, `inventory` what one holds and what about its files is not as it should be, and
`not_as_published` how its files differ from what an index gave out. Whoever made an environment may have filled it
with anything, so no interpreter of it is started and nothing of it is imported; links are not followed on the way,
only regular files are read, and what can't be looked at is a sentence.
"""
