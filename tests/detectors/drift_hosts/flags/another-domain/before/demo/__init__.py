URL = "https://api.demo.invalid/v1"
