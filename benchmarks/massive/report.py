"""The results as tables to read (Markdown, in Chinese) and as JSON."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.massive.kinds import INTERVIEW, NAMES
from benchmarks.massive.learning import NAMES as ROWS

JSON, PAGE = "results.json", "results.md"
COMMAND = "make bench-nlu"
MEASURES = {
    "accuracy": "准确率 %",
    "macro_f1": "macro-F1 %",
    "accuracy_unseen": "准确率 %，只算训练集里没有的句子",
    "ms_p50": "每句毫秒，中位数",
    "ms_p95": "每句毫秒，第 95 百分位",
    "cpu_ms_p50": "每句 CPU 毫秒，中位数",
    "train_s": "训练秒数",
    "train_cpu_s": "训练 CPU 秒数",
    "model_mb": "模型 MB",
}
# Measure → the ratio that is told beside it.
RATIOS = {"ms_p50": "clock", "cpu_ms_p50": "cpu"}
# So many of the utterances that got a policy answer are shown in the terminal.
SHOWN = 40
ANSWERED = "得到政策回答的句子（原句 → 识别的意图与把握，回答的第一行）："


def table(rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table whose columns also line up in a terminal. The first row is the heading."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    lines = [[cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)] for row in cells]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _width(text: str) -> int:
    """The columns that a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def intents_table(found: dict[str, Any]) -> str:
    """The rows side by side; the ratio where both were measured."""
    rows, compared = found["rows"], found.get("ratio")
    lines = [["", *(ROWS[row] for row in rows), *(["本项目 ÷ 默认"] if compared else [])]]
    for measure, name in MEASURES.items():
        line = [name, *(str(rows[row][measure]) for row in rows)]
        if compared:
            line.append(_share(compared[RATIOS[measure]]) if measure in RATIOS else "")
        lines.append(line)
    return table(lines)


def _share(ratio: dict[str, float]) -> str:
    return f"{ratio['median']}（四分位 {ratio['lower_quartile']}–{ratio['upper_quartile']}）"


def assistant_table(found: dict[str, Any]) -> str:
    """How many utterances got which kind of answer."""
    asked = found["asked"]
    lines: list[list[object]] = [["回答", "句数", "占 %"]]
    lines.append(["政策回答合计", found["policy_answers"], found["policy_answers_percent"]])
    for kind, count in found["kinds"].items():
        name = f"其中：{NAMES[kind]}" if kind in ("policy", INTERVIEW) else NAMES[kind]
        lines.append([name, count, f"{100 * count / asked:.2f}"])
    return table(lines)


def assistant_notes(found: dict[str, Any]) -> str:
    """What the table of answers leaves out."""
    return (
        f"另有 {found['policies_offered']} 句没有得到政策回答，但回答里顺带提到了政策名称（“您想问的是不是：……”）。"
        f"每轮对话用时的中位数 {found['turn_ms_p50']} 毫秒。"
    )


def answered_lines(found: dict[str, Any], most: int | None = None) -> str:
    """The utterances that got a policy answer, with what they were taken for."""
    lines = [
        f"- {entry['text']}　→　{entry['intent']} {entry['confidence']:.2f}，{NAMES[entry['kind']]}：{entry['says']}"
        for entry in found["answered"][:most]
    ]
    left = len(found["answered"]) - len(lines)
    return "\n".join([*lines, *([f"- 另有 {left} 句，见 {JSON}"] if left else [])])


def page(content: dict[str, Any]) -> str:
    """The results as a page."""
    data, machine = content["data"], content["machine"]
    parts = [
        "# MASSIVE 中文（zh-CN）基准",
        f"由 `{COMMAND}` 生成，完整数字见 [{JSON}]({JSON})。数据：MASSIVE 1.1 zh-CN 官方划分，{data['intents']} 个意图，"
        f"训练 {data['train']} 句、测试 {data['test']} 句（开发集 {data['dev']} 句两边都不用来训练，只用来预热）；"
        f"来源与许可见 [data/README.md](data/README.md)。机器：{machine['cores']} 核，无 GPU。",
    ]
    if "intents" in content:
        found = content["intents"]
        parts += ["## 意图识别：两条管线并排", intents_table(found), notes(found, data)]
    if "assistant" in content:
        found = content["assistant"]
        parts += [
            "## 把测试句逐句问给助手",
            f"{found['asked']} 句都是对语音助手说的话（闹钟、音乐、天气等），问的不是惠企政策。"
            "每句开一个新对话，按回答所带的结构化数据分类。",
            assistant_table(found),
            assistant_notes(found),
        ]
        if found["answered"]:
            parts += [ANSWERED, answered_lines(found)]
    return "\n\n".join(parts) + "\n"


def notes(found: dict[str, Any], data: dict[str, Any]) -> str:
    """What has to be known to read the table of intents."""
    lines = [
        "- “本项目”是 `bot/config.yml` 里的管线原样；“Rasa 默认中文管线”见 `stock.yml`：数据没有实体，DIET 只学意图；"
        "没有检索式意图，所以不含 ResponseSelector。",
        "- FallbackClassifier 判为 nlu_fallback 的句子，两边都按排在其后的第一个意图计分。",
        f"- macro-F1 在测试集出现的意图上平均；测试句中有 {data['test_seen_in_train']} 句的原文也在训练集里。",
        "- 训练用时取自训练该模型的那一次；机器同时在做别的事时，以 CPU 秒数为准。",
    ]
    if "ratio" in found:
        lines.append(f"- 两个模型装在同一进程，每 {found['block']} 句轮换一次，先后也轮换；比值是逐段相除后的中位数。")
    return "\n".join(lines)


def store(folder: Path, content: dict[str, Any]) -> None:
    """Write JSON and page. A part that was not run this time stays, as long as it is of the same data."""
    path = folder / JSON
    if path.exists():
        earlier = json.loads(path.read_text(encoding="utf-8"))
        if earlier["data"] == content["data"]:
            content = {**earlier, **content}
    ordered: dict[str, Any] = {key: content[key] for key in ("data", "machine", "intents", "assistant") if key in content}
    path.write_text(json.dumps(ordered, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / PAGE).write_text(page(ordered), encoding="utf-8")
