fetch("/api/list").then((answer) => answer.json())
