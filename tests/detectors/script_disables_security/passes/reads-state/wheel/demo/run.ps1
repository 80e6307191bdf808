Get-MpPreference | Format-List
