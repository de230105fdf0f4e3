"""What Tab completes: commands and what follows them, names of policies and regions, the last answer's choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from actions.knowledge.book import PolicyBook
from actions.knowledge.profile import REGION
from bot.console import books
from bot.console.commands import COMMANDS
from bot.console.console import PREFIXES, Console
from bot.console.keeping import transcripts
from bot.console.showing import CHANNELS

Words = Callable[[Console, list[str]], Iterable[str]]

# Those of the web page (bot/feedback.py, which takes Rasa to import).
REASONS = ("金额不对", "部门不对", "已过期", "没找到")
# A name is completed from two characters on; more than so many are no help.
_SHORTEST, _LONGEST, _MOST = 2, 12, 40


def _first(*words: str) -> Words:
    return lambda console, before: () if before else words


def _commands(console: Console, before: list[str]) -> Iterable[str]:
    return () if before else COMMANDS


def _policies(console: Console, before: list[str]) -> Iterable[str]:
    policies = console.book.policies.values()
    return () if before else [*(policy.id for policy in policies), *(policy.name for policy in policies)]


def _facts(console: Console, before: list[str]) -> Iterable[str]:
    yield from () if before else ("clear",)
    yield from (f"{REGION}={region.name}" for region in console.book.regions.values())
    yield from (f"{fact.name}={so}" for fact in console.book.facts.values() for so in ("是", "否"))


def _thumbs(console: Console, before: list[str]) -> Iterable[str]:
    return REASONS if before == ["bad"] else () if before else ("good", "bad")


def _files(console: Console, before: list[str]) -> Iterable[str]:
    return ("--diff",) if before else transcripts(console)


# What may follow a command, given what is typed after its name so far.
WORDS: Mapping[str, Words] = {
    "help": _commands,
    "debug": _first("on", "off"),
    "policy": _policies,
    "profile": _facts,
    "date": _first("today"),
    "channel": _first(*CHANNELS),
    "session": _first("new"),
    "rate": _thumbs,
    "save": _first("transcript", "story"),
    "replay": _files,
}


class Completions(Completer):
    """Completes what is typed in a console."""

    def __init__(self, console: Console):
        self._console = console
        self._book: PolicyBook | None = None
        self._names: list[tuple[str, str]] = []

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """On an empty line the choices of the last answer, after a colon commands, else names."""
        text = document.text_before_cursor
        if not document.text:
            return self._choices()
        return self._commands(text) if text.startswith(PREFIXES) else self._called(text)

    def _choices(self) -> Iterator[Completion]:
        for number, label, question in self._console.choices():
            yield Completion(question, display=f"{number} {label}", display_meta=question if question != label else "")

    def _commands(self, text: str) -> Iterator[Completion]:
        name, *rest = text[1:].split(" ")
        if not rest:
            for command in COMMANDS.values():
                if command.name.startswith(name.lower()):
                    yield Completion(f":{command.name}", -len(text), display=command.usage, display_meta=command.help)
        elif name.lower() in WORDS:
            *before, word = rest
            words = [known for known in WORDS[name.lower()](self._console, before) if word.lower() in known.lower()]
            for known in sorted(words, key=lambda known: not known.startswith(word)):
                yield Completion(known, -len(word))

    def _called(self, text: str) -> Iterator[Completion]:
        """Names that begin with the end of the text, as much of it as can be; else names in which that end stands."""
        for fits in (str.startswith, str.__contains__):
            for length in range(min(_LONGEST, len(text)), _SHORTEST - 1, -1):
                end = text[-length:]
                found = [(name, what) for name, what in self._known() if name != end and fits(name, end)]
                if found:
                    for name, what in found[:_MOST]:
                        yield Completion(name, -length, display_meta=what)
                    return

    def _known(self) -> list[tuple[str, str]]:
        if self._book is not self._console.book:
            self._book = self._console.book
            self._names = list(books.names(self._book))
        return self._names
