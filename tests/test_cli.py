"""The command line where it needs no assistant: checking a policy book."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from tests.conftest import BOOK
from tests.knowledge.books import EAST, TEXTS, write_book


def test_validate_accepts_the_real_book(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(BOOK)]) == 0
    assert "政策库没有错误" in capsys.readouterr().out


def test_validate_counts_what_it_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(write_book(tmp_path, TEXTS))]) == 0
    assert "2 个文件，2 项政策，0 处提示" in capsys.readouterr().out


def test_validate_lets_warnings_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    east = EAST.replace("[人才管家]", "[实验室奖]")
    assert main(["validate", str(write_book(tmp_path, {**TEXTS, "east.yml": east}))]) == 0
    printed = capsys.readouterr().out
    assert "east.yml:60:15: 提示：" in printed
    assert "1 处提示" in printed


def test_validate_refuses_a_broken_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    east = EAST.replace("{id: east-report}", "{id: west-report}").replace('as_of: "2022"', "as_of: 2022-02-30")
    assert main(["validate", str(write_book(tmp_path, {**TEXTS, "east.yml": east}))]) == 1
    printed = capsys.readouterr().out
    assert "east.yml:65:5: 错误：没有“2022-02-30”这一天" in printed
    assert "east.yml:83:14: 错误：" in printed
    assert "共 2 处错误" in printed


@pytest.mark.parametrize("missing", ["nowhere", "east.yml"])
def test_validate_refuses_what_is_no_book(missing: str, tmp_path: Path) -> None:
    write_book(tmp_path, TEXTS)
    assert main(["validate", str(tmp_path / missing)]) == 1
