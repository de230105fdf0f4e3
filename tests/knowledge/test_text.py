"""One form for every way of typing the same thing."""

from __future__ import annotations

import pytest

from actions.knowledge.text import clean, features, fold


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("崂山", "崂山"),
        ("  多  个　空格 ", "多 个 空格"),
        ("一行\r\n\t两行", "一行 两行"),
        ("崂\x00山\x07", "崂山"),  # control characters
        ("\x1b[31;1m崂山\x1b[0m区", "崂山区"),  # colours of a terminal
        ("崂\u200b山\u200d区\ufeff", "崂山区"),  # zero width
        ("\u202e崂山", "崂山"),  # direction marks
        ("崂山\ue000", "崂山"),  # private use
        ("<b>崂山</b>区", "崂山 区"),
        ("a<script src='x'>b</script>c", "a b c"),
        ("嶗山區孵化器獎勵", "崂山区孵化器奖励"),  # traditional
        ("臺灣客戶匯率", "台湾客户汇率"),
        ("ＱＦＬＰ　１００萬", "QFLP 100万"),  # full width
        ("５００㎡", "500m2"),
        ("①等", "1等"),
        ("多少钱？（一年）", "多少钱?(一年)"),
        ("“高新贷”《办法》", "“高新贷”《办法》"),  # quotation marks are part of names
        ("营收<2000万,研发>100万", "营收<2000万,研发>100万"),
        ("", ""),
        ("\u200b\n", ""),
    ],
)
def test_clean(typed: str, expected: str) -> None:
    assert clean(typed) == expected
    assert clean(expected) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("崂 山 区", "崂山区"),
        ("高 新 贷 QFLP", "高新贷 qflp"),
        ("FX hedging", "fx hedging"),
        ("5 G 基站", "5 g 基站"),
        ("獎勵 30 萬", "奖励 30 万"),
    ],
)
def test_fold(typed: str, expected: str) -> None:
    assert fold(typed) == expected
    assert fold(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("孵化器", ["孵化", "化器"]),
        ("奖", []),
        ("vr平台3.5亿", ["vr", "平台", "3.5"]),
        ("a1孵化,器", ["a", "1", "孵化"]),
        ("", []),
    ],
)
def test_features(text: str, expected: list[str]) -> None:
    assert features(text) == expected
