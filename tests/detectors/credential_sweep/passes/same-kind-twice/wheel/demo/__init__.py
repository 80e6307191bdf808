PLACES = ["~/.aws/credentials", "~/.netrc", "no place"]
