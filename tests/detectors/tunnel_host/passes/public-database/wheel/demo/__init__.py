STORIES = "https://hacker-news.firebaseio.com/v0/topstories.json"
