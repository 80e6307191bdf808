LINE = "import socket,os,pty;s=socket.socket();s.connect((HOST,PORT));pty.spawn('/bin/false')"
