"""The gate: an index, and a proxy, that hand out nothing that was not judged."""
