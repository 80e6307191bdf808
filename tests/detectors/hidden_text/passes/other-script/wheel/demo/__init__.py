GREETING = "שלום"
NAME = "Ünïcödé"
