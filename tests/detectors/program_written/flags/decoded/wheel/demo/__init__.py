import base64

with open("demo_helper.py", "w") as file:
    file.write(base64.b64decode("cHJpbnQoJ2RlbW8nKSAjIGhhcm1sZXNz").decode())
