exec("def exec_(code, scope):\n    return (code, scope)\n\nTable = dict(name='x')\n")
