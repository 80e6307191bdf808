"""What strings and scripts can name: common knowledge, shared by all that reads text."""
