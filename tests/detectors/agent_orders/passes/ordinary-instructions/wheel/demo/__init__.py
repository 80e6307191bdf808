HELP = "See the previous instructions; tell the user which file is missing."
