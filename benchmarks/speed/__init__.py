"""How fast the assistant is, beside stock Rasa on the same data."""
