LINE = "npm publish --access public"
