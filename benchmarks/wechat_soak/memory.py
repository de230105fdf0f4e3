"""How much memory a process holds while work is done."""

from __future__ import annotations

from pathlib import Path


class Memory:
    """The resident memory of a process, by how far the work is: `seen` has (share done, MB)."""

    def __init__(self, process: int):
        self._status = Path(f"/proc/{process}/status")
        self.seen: list[tuple[float, float]] = []

    def note(self, done: float) -> None:
        """Note what it is now; nothing where the system does not tell."""
        if self._status.exists():
            line = next(line for line in self._status.read_text().splitlines() if line.startswith("VmRSS"))
            self.seen.append((done, int(line.split()[1]) / 1024))

    def at(self, done: float) -> float:
        """What was noted first when so much was done; 0 when nothing was."""
        return next((size for share, size in self.seen if share >= done), self.seen[-1][1]) if self.seen else 0.0
