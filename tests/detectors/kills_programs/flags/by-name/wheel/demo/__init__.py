LINE = "taskkill /f /im demo-browser.exe"
