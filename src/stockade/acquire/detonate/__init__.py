"""Running something suspicious where it can harm nobody, and writing down what it does."""
