HOME = "https://nodejs.org/en/learn"
