"""The words of asking: what is left of a question without them, and what they say of its kind."""

from __future__ import annotations

import re
from functools import lru_cache

from actions.knowledge.lexicon import squeeze
from actions.knowledge.query import Query
from actions.knowledge.text import fold, has_features

# Words that say nothing of what is asked about, by what they do.
_WORDS = (
    "请问 您好 你好 我想 想问 问一下 咨询 了解 一下 介绍 讲讲 说说 告诉 帮我 麻烦 请教 谢谢 对了 行吧 好吧 算了 正事 到底 具体",
    "能不能 可不可以 可以 是不是 有没有 怎么回事 一回事 是什么 什么 怎么样 怎么 怎样 如何 为什么",
    "多少钱 多少 几个 哪些 哪个 哪里 哪 谁 啥 咋",
    "两个 两项 区别 不同 一样 分别 刚才 刚刚 回到 说回 换成 换到 换 就说 说的 来着",
    "其中 里头 里面 那边 这边 这个 那个 应该 该 找 归 管",
    "我们 咱们 咱 俺 我 你们 你 您 他们 公司 企业 单位 老板 一家 一个 区里 市里 政府",
    "别的 其他 其它 其余 还有 剩下 更多 另外 下一页 后面 再来 就这些 没列 列出来 除了 之外 接着 继续 等等 稍等",
    "吗 呢 吧 呀 啊 哦 么 的话 这 那 给 能 要 想 有 是 在 了 的 和 跟 与 对 被 把 就 都 也 还 不 没 请",
    "补贴 奖励 补助 政策 支持 扶持 钱 拿 领 申请 申报 办理 办 享受 符合 条件 标准 部门 电话 材料 时间 流程 依据",
)
_ASKING = re.compile("|".join(sorted({word for line in _WORDS for word in line.split()}, key=len, reverse=True)))
# The asker's own place, as against a place whose policies are asked for.
_OWN_PLACE = re.compile(
    "(公司|企业|厂|店|注册|我们?|咱们?|俺)(是|就|都|注册|开|设|办|落户)?在|的话|能(办|享受|申请|领|用|拿)|行不行|可不可以|可以(办|享受|申请|吗)"
)
_CHANGE = re.compile("换成|换到|换")
_ASKS = re.compile(r"[吗呢么不没吧?]$|哪|谁|几|多|啥|什么|怎|咋|能|会|(.)不\1")
_WHICH = re.compile("什么|啥|哪|列|匹配|推荐|几[条项个]|有没有|有适合|能帮|对口|合适|符合的|怎么办|咋办|咋整|办法|路子")
_NAMES = re.compile("叫[什啥]|都叫|都?有谁|分别[是叫]|名字|哪[几两三四五六七八九十]?家(?!政策)|是谁家?|谁拿|名单")
_POLICIES = re.compile("哪些|政策|补贴|奖励|补助|优惠|项目|措施|服务|还有|别的|其他|有没有|有啥|有什么")
_JOINED = re.compile("和|跟|与|、|还是|又|以及|分别|比")
_SHORT = 14


def residue(query: Query) -> str:
    """The question without places, levels, sums and words of asking: what it is about."""
    said = [(m.start, m.end) for m in query.mentions if m.kind in ("region", "level", "attribute")]
    return _without(query.text, (*said, *((s.start, s.end) for s in query.sums)))


@lru_cache(maxsize=16)  # several steps of a turn ask for the same
def _without(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    left = list(text)
    for start, end in spans:
        left[start:end] = " " * (end - start)
    return " ".join(_ASKING.sub(" ", fold("".join(left))).split())


def tells_own_place(text: str) -> bool:
    """Whether a place in the text is where the asker is (我注册在崂山，能办吗), not the subject (换成崂山呢)."""
    return bool(_OWN_PLACE.search(text)) and not _CHANGE.search(text)


def fragment(query: Query) -> bool:
    """Whether a question says nothing of what it is about (那省级的呢, 找谁办): it lives on what was said before."""
    return not has_features(residue(query))


def asks_which(text: str) -> bool:
    """Whether a text asks for things that fit (有什么适合我们的), not whether one thing does (我们能用吗)."""
    return bool(_WHICH.search(text))


def asks_names(text: str) -> bool:
    """Whether a text asks who or what those just spoken of are (都有谁, 那四个都叫啥)."""
    return bool(_NAMES.search(text))


def asks_policies(text: str) -> bool:
    """Whether a text asks for policies (还有哪些人才政策), not for things of one (主要扶持啥品牌)."""
    return bool(_POLICIES.search(text))


def joins(text: str) -> bool:
    """Whether the text puts two things side by side."""
    return bool(_JOINED.search(text))


def short_question(text: str) -> bool:
    """Whether the text is a question of a few words, which makes sense only after something else."""
    return len(squeeze(text)[0]) <= _SHORT and bool(_ASKS.search(text))
