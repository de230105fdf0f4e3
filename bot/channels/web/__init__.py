"""The web channel: Socket.IO with Rasa's events, and the same by plain requests."""

from bot.channels.web.channel import WebInput

__all__ = ["WebInput"]
