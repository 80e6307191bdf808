# An address that is global by the registries, and is never contacted.
WHERE = "http://1.2.3.4/x"
