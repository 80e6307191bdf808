__obfuscator__ = "demonstration"
