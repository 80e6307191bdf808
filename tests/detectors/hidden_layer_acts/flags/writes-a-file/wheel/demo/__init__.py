exec("import os\nwith open('/tmp/demo.py', 'w') as out:\n    out.write('VALUE = 1')\n")
