"""Why a command does nothing."""

from __future__ import annotations


class CannotError(Exception):
    """Why a command does nothing, with the right form, in a Chinese sentence."""
