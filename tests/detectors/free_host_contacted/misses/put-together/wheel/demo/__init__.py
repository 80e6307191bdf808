import requests

from demo.names import where

requests.post(where(), json={}, timeout=1)
