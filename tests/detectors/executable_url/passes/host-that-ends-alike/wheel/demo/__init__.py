SITE = "https://demo.sh"
PAGE = "https://docs.example.invalid/exe.html"
