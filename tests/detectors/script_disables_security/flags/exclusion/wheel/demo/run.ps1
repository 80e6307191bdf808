return
Add-MpPreference -ExclusionPath $env:TEMP
