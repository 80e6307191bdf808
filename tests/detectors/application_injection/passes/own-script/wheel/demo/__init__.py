PLACE = "static/index.js"
