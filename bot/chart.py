"""The conversation chart of docs/对话图.md, drawn from the rules and the domain: `python -m bot.chart`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot import project

CHART = project.ROOT / "docs" / "对话图.md"
HEAD = """\
# 对话图

这张图由 `data/stories/rules.yml` 和 `bot/domain/domain.yml` 画出，改了规则就运行 `python -m bot.chart` 重画（测试会核对）。

左边是意图（问的是什么），右边是动作（谁来答）。问的是哪一项政策，不由规则决定：动作拿焦点和实体去问政策库。
"""


def chart(root: Path = project.ROOT) -> str:
    """The page with its Mermaid chart."""
    rules = _load(root / "data/stories/rules.yml")["rules"]
    forms = _load(root / "bot/domain/domain.yml")["forms"]
    answered: dict[str, list[str]] = {}
    finished: list[tuple[str, str]] = []
    for rule in rules:
        steps = rule["steps"]
        if "intent" in steps[0]:
            answered.setdefault(steps[1]["action"], []).append(steps[0]["intent"])
        else:
            finished.append((steps[0]["action"], steps[-1]["action"]))
    lines = ["```mermaid", "flowchart LR"]
    for action, intents in answered.items():
        lines.append(f'  {action}_intents["{"<br/>".join(intents)}"] --> {action}(["{action}"])')
    for form, settings in forms.items():
        slots = "、".join(settings["required_slots"])
        lines += [
            f"  action_answer -. 问“我能享受什么”，还缺企业情况 .-> {form}",
            f'  {form}{{"{form}<br/>每次问一件（{slots}）"}}',
            f"  {form} -- 答了，还缺 --> {form}",
            f"  {form} -. 问别的 .-> action_answer",
            f"  {form} -. 清除、重新开始 .-> action_converse",
        ]
    lines += [f'  {form} -- 不缺了，或说“算了” --> {action}(["{action}"])' for form, action in finished]
    return f"{HEAD}\n" + "\n".join([*lines, "```"]) + "\n"


def _load(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return value


if __name__ == "__main__":
    CHART.write_text(chart(), encoding="utf-8")
