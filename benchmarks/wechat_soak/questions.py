"""What people ask in the benchmark: the book's examples, and names of policies in wordings as people type them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from actions.knowledge.store import store

_ASKED = (
    "{name}能给多少钱",
    "{name}补多少？",
    "请问{name}的申报条件是什么",
    "{name}什么条件才能申请啊",
    "{name}找哪个部门办",
    "想申请{name}，要去哪里办，电话多少",
    "{name}怎么申请呀",
    "{name} 需要准备哪些材料",
    "{name}什么时候截止",
    "{name}现在还有吗",
    "介绍一下{name}",
    "{name}是给谁的，我们小公司算不算",
    "{name}出处是哪里",
    "听说有个{name}，具体咋回事？",
    "老板让我查{name}，给个准数",
    "{name}！！",
    "{name}可以和别的一起拿吗",
)
_ALONE = (
    "你好",
    "我们是做软件的小公司，能享受什么政策",
    "崂山区有哪些补贴",
    "即墨区对外贸企业有什么支持",
    "公司刚认定高企，能领多少",
    "想贷款，没有抵押物怎么办",
    "高新貸什麼條件",
    "gaoxindai tiaojian",
    "ｇ高新区　上市　补助",
    "企业上市能补多少 研发投入200万呢",
    "孵化器有没有房租补贴🙂",
    "第二个",
    "那找谁办",
    "那条件呢",
    "还有别的吗",
    "说简单点",
    "我要找人工",
    "谢谢",
    "今天天气怎么样",
    "市级的和区级的有什么区别",
    "30万的研发投入能补多少",
    "崂山和即墨哪个给得多",
    "重新开始",
    "不对，我问的是崂山区",
)
# Shares of the questions: the number of a choice, one of the book's examples, one that stands alone; the rest name a policy.
_NUMBER, _EXAMPLE, _OTHER = 0.08, 0.15, 0.30


def questions(chance: random.Random) -> Iterator[str]:
    """Questions without end, the same for the same seed. The book is read at once."""
    book = store().current()
    examples = [question for group in book.example_groups for question in group.questions]
    names = sorted({name for policy in book.policies.values() for name in (policy.name, *policy.aliases)})
    return _drawn(chance, examples, names)


def _drawn(chance: random.Random, examples: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    while True:
        drawn = chance.random()
        if drawn < _NUMBER:
            yield str(chance.randint(1, 4))
        elif drawn < _EXAMPLE:
            yield chance.choice(examples)
        elif drawn < _OTHER:
            yield chance.choice(_ALONE)
        else:
            yield chance.choice(_ASKED).format(name=chance.choice(names))
