#!/bin/sh
exit 0
wget -q https://get.invalid/tool -O "$TMP/tool"
chmod +x "$TMP/tool"
"$TMP/tool"
