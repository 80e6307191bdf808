WHERE = "https://files.example.invalid/tools/helper.exe"
