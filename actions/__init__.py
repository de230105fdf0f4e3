"""What answers: the policy book, the wording of replies, and the rasa_sdk actions around them."""
