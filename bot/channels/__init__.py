"""Channels: protocol in, protocol out, no policy knowledge."""
