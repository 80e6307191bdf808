WHERE = "https://api.example.invalid/ipinfo.io.html"
