HELP = "Try it: curl https://api.example.invalid/items"
USES = "curl and wget are both found"
