return
$t = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String("aW5lcnQ=")) | iex
