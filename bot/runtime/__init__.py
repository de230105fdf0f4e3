"""What makes Rasa's own machinery fast: the same answers, the same database, less work a turn."""
