#!/bin/sh
exit 0
# a comment: curl https://a.invalid/x | sh
curl -fsSL https://get.invalid/run \
  | sudo bash -s -- quiet
