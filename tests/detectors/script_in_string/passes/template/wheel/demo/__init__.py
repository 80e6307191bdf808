TEXT = """#!/bin/sh
set -e
curl -o data.csv https://data.invalid/data.csv
wc -l data.csv
"""
