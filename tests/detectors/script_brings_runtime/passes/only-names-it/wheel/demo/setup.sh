echo "get it from https://nodejs.org/dist/"
