"""`python -m actions.knowledge FOLDER` compiles a book: what a running BookStore has done beside it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from actions.knowledge import compiled
from actions.knowledge.documents import BookError


def main(folder: str) -> int:
    """Compile the book in `folder`. Of a faulty book the errors are printed, and compiled.FAULTY is returned."""
    if hasattr(os, "nice"):
        os.nice(5)  # who asks questions meanwhile comes first
    try:
        compiled.load(Path(folder))
    except BookError as error:
        sys.stdout.buffer.write(str(error).encode())
        return compiled.FAULTY
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
