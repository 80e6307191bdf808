"""Feeds of advisories, read from where they are published: an ecosystem's folder, an archive, a folder of one's own."""
