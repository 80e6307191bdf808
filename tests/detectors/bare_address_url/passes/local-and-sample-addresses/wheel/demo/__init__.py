LOCAL = "http://127.0.0.1:8080/x"
PRIVATE = "http://10.0.0.1/x"
SAMPLE = "http://192.0.2.7/x"
VERSION = "http://example.invalid/1.2.3.4"
