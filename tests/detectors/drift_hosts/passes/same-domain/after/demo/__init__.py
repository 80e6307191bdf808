URL = "https://files.demo.invalid/v1"
