"""What people and programs are told. Each format is one file and owns its published schema."""
