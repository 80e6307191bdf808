MESSAGE = "the local state of the form is kept, cookies are not"
FIELDS = ["user data", "cookies"]
