"""The policy book as a plain Python library: load it, ask it. Imports neither Rasa nor TensorFlow."""

from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.documents import BookError, Problem
from actions.knowledge.focus import Focus
from actions.knowledge.loading import check_book, load_book
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.resolution import resolve

__all__ = [
    "Aspect",
    "BookError",
    "Finding",
    "Focus",
    "Outcome",
    "PolicyBook",
    "Problem",
    "Query",
    "check_book",
    "load_book",
    "resolve",
]
