"""Rasa graph components: reading, tokenizing, entities from the book, intents."""
