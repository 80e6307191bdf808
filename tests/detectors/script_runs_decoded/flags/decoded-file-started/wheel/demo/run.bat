@exit /b
certutil -decode data.txt tool.exe
start tool.exe
