WHERE = "https://downloads.example.invalid/file.io/x.bin"
NAME = "profile.io"
