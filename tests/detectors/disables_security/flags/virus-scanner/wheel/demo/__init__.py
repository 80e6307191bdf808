LINE = "Set-MpPreference -DisableRealtimeMonitoring $true"
