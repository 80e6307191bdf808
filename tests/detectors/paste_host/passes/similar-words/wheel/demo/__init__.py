TOOLTIP = "copy.paste of rows; see https://docs.example.invalid/pastebin.html"
