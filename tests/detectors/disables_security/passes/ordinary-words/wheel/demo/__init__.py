TEXT = "Get-MpPreference shows what Windows Defender checks"
