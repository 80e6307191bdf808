"""See https://docs.demo.invalid/."""
X = "http://localhost:80/"
