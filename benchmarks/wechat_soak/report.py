"""What a run has shown, in figures and against the limits."""

from __future__ import annotations

from statistics import median

from benchmarks.wechat_soak.driving import Driven
from benchmarks.wechat_soak.memory import Memory
from bot.channels.wechat.callback import WAIT
from bot.wechatsim.checking import MOST_BYTES, NONE

# What a reply may take at most, in seconds (the platform cuts at 5), and the server grow by after the first quarter, in MB.
LATEST, GROWTH = 4.8, 40


class Figures:
    """The figures of a run. `wrong` is what was against the rules; the limits of time, size and memory are added to it."""

    def __init__(self, driven: Driven, memory: Memory, wrong: list[str]):
        heard = [one for exchange in driven.exchanges for one in exchange.said]
        seconds = [took for one in heard for took in one.seconds]
        self._replies = sorted(took for took in seconds if took is not None)
        self._cut = sum(took is None for took in seconds)
        self._longest = max((len(text.encode()) for exchange in driven.exchanges for text in exchange.shown), default=0)
        self._pushed = sum(one.kind == NONE for one in heard)
        self._waited = sum(WAIT in exchange.shown for exchange in driven.exchanges)
        self._driven, self._memory = driven, memory
        self.wrong = [*driven.violations, *wrong, *self._beyond()]

    def _beyond(self) -> list[str]:
        found = []
        if not self._replies or self._replies[-1] > LATEST:
            found.append(f"最迟的被动回复超过 {LATEST} 秒")
        if self._longest > MOST_BYTES:
            found.append(f"最长的文本超过 {MOST_BYTES} 字节")
        growth = self._memory.at(1.0) - self._memory.at(0.25)
        if growth > GROWTH:
            found.append(f"服务器内存在后四分之三里增加 {growth:.0f} MB，超过 {GROWTH} MB")
        return found

    @property
    def met_late_answers(self) -> bool:
        """Whether both ways of a late answer were gone: sent afterwards, fetched by the user's next word."""
        return bool(self._pushed and self._waited)

    def lines(self) -> list[str]:
        """The figures as they are printed."""
        sizes = "，".join(f"{share:.0%} {self._memory.at(share):.0f}" for share in (0.0, 0.25, 0.5, 0.75, 1.0))
        return [
            f"消息 {self._driven.messages} 条，另外重复投递 {self._driven.repeated} 次",
            f"迟到的回答：推送 {self._pushed} 次，先答“正在查询” {self._waited} 次；平台断开的请求 {self._cut} 次",
            f"被动回复：中位 {median(self._replies or [0]):.2f} 秒，最迟 {(self._replies or [0])[-1]:.2f} 秒（上限 {LATEST} 秒；"
            f"发问的一方自己最多耽搁 {self._driven.lag:.2f} 秒）",
            f"最长的文本：{self._longest} 字节（上限 {MOST_BYTES} 字节）",
            f"服务器内存（MB，按进度）：{sizes}",
        ]
