URL = "https://api.demo.invalid/v1"
MORE = "https://models.elsewhere.invalid/raw"
