"""What Rasa loads and what people talk to."""
