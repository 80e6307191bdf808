MODEL = "claude"
TEXT = "agents.md files describe a project"
