"""Wording: findings of the policy book as messages, cards and buttons. Imports no Rasa."""
