PLAIN = "https://service.invalid/demo"
PREFIX = "aHR0cHM6Ly"
TABLE = "name aHR0cHM6Ly93 and so on, in a sentence"
