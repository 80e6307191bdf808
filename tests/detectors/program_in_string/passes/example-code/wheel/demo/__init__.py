EXAMPLE = """
import requests
print(requests.get("https://api.example.invalid/items").json())
"""
