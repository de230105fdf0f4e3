"""MASSIVE zh-CN: our NLU beside Rasa's stock Chinese pipeline, and what the assistant makes of its requests."""
