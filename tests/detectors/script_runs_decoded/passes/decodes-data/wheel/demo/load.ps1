$bytes = [Convert]::FromBase64String($text)
