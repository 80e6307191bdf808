LOG = "anonfile.log"
ABOUT = "uploads and downloads with gofile.io or mega.nz are planned"
PAPER = "https://www.dropbox.com/s/0000000000/paper.pdf?dl=0"
