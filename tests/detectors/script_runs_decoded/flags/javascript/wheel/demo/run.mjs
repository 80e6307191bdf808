if (0) eval(atob("aW5lcnQ="))
