Invoke-WebRequest https://data.invalid/a.csv -OutFile a.csv
Import-Csv a.csv
