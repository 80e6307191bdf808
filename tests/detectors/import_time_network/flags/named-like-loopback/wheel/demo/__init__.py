import requests

requests.get("http://localhost.demo.invalid/")
requests.get("http://localhost:1@demo.invalid/")
