"""What happened in the field, from the feeds alone: new malicious projects, grouped, and what of it touches you."""
