"""What is said beside the policies: greeting, thanks, who and what this is, the way to a person, declining."""

from __future__ import annotations

from actions.knowledge.book import PolicyBook
from actions.replies.message import Button, Reply

MOST_DEPARTMENTS = 3
MOST_PLACES = 20


def _examples(book: PolicyBook) -> tuple[Button, ...]:
    return tuple(Button(question, question) for question in book.examples[:6])


def _data(kind: str) -> dict[str, object]:
    return {"type": kind, "policies": []}


def greet(book: PolicyBook) -> Reply:
    """A greeting with example questions."""
    text = "您好，我是惠企问答，可以查政策库里的惠企政策：支持标准、条件、对象、部门和出处。您可以直接问，例如："
    return Reply(text, _examples(book), _data("greet"))


def thank(book: PolicyBook) -> Reply:
    """An answer to thanks."""
    return Reply("不客气，有别的政策问题随时问我。", (), _data("thank"))


def goodbye(book: PolicyBook) -> Reply:
    """A farewell."""
    return Reply("再见，祝您一切顺利，需要时随时再来。", (), _data("goodbye"))


def affirm(book: PolicyBook) -> Reply:
    """An answer to 好的."""
    return Reply("好的。还想了解哪项政策，请继续问。", (), _data("affirm"))


def deny(book: PolicyBook) -> Reply:
    """An answer to 不是."""
    return Reply("好的，那先到这里。换个说法，或告诉我地区和政策名称，我可以再查。", (), _data("deny"))


def identity(book: PolicyBook) -> Reply:
    """Who this is."""
    text = (
        f"我是惠企问答，一个查询《{book.title}》的程序，不是真人，也不是大语言模型。"
        "回答只来自政策库里的记录，并注明出处；政策库没有的，我会直说。"
    )
    return Reply(text, (), _data("identity"))


def capability(book: PolicyBook) -> Reply:
    """What this can do, with the places that the book covers."""
    places = "、".join(book.regions[id].name for id in book.covered[:MOST_PLACES])
    more = f"等 {len(book.covered)} 个" if len(book.covered) > MOST_PLACES else ""
    text = (
        f"我可以回答政策库里 {len(book.policies)} 项惠企政策与服务的问题："
        "给多少、什么条件、给谁、找哪个部门、出处是哪里、是否还是计划。"
        f"收录的地区：{places}{more}。您可以这样问："
    )
    return Reply(text, _examples(book), _data("capability"))


def human(book: PolicyBook) -> Reply:
    """The way to a person: no invented number, only the national hotline."""
    text = (
        f"这里没有人工座席。政策问题可以拨打 {book.hotline.name}（{book.hotline.basis}），由当地转接主管部门；"
        "您也可以先告诉我地区和政策，我查一下报道里点名的部门。"
    )
    return Reply(text, (), _data("human"))


def complain(book: PolicyBook) -> Reply:
    """An answer to dissatisfaction."""
    text = (
        "抱歉没有答到点子上。请告诉我地区和政策名称，或您想问的方面（金额、条件、部门），我再查一次；"
        f"需要人工请拨 {book.hotline.number}。"
    )
    return Reply(text, (), _data("complain"))


def start_over(book: PolicyBook) -> Reply:
    """Everything before is forgotten."""
    text = "好的，我们重新开始，前面说的都已清空。您想了解哪项政策？例如："
    return Reply(text, _examples(book)[:4], _data("start_over"))


def unsure(book: PolicyBook) -> Reply:
    """An answer to 不清楚 where nothing was asked."""
    text = "没关系。您可以说说地区、行业或想要哪种支持，也可以直接问“我能申请什么”，我一件一件帮您对照。"
    return Reply(text, (Button("我能申请什么", "我能申请什么政策？"),), _data("unsure"))


def decline(book: PolicyBook) -> Reply:
    """Outside the job: what this can do in one line, and two examples."""
    text = (
        "抱歉，这个问题超出了我的范围，无法回答。"
        "我只查政策库里的惠企政策：给多少、什么条件、给谁、找哪个部门，可以试试下面的问题。"
    )
    return Reply(text, _examples(book)[:2], _data("decline"))


def people(book: PolicyBook, region: str | None) -> str:
    """The way to people: the hotline, and the departments that the sources name for a place."""
    text = f"也可以直接问人：拨打 {book.hotline.number} 转接主管部门"
    policies = book.of_region(region) if region else []
    named = (book.department_of(policy) for policy in policies if policy.contact.basis == "named")
    departments = list(dict.fromkeys(department.name for department in named if department))[:MOST_DEPARTMENTS]
    if not region or not departments:
        return f"{text}。"
    return f"{text}；{book.regions[region].name}的政策，报道点名的部门有{'、'.join(departments)}。"


TALK = {
    "greet": greet,
    "thank": thank,
    "goodbye": goodbye,
    "affirm": affirm,
    "deny": deny,
    "ask_identity": identity,
    "ask_capability": capability,
    "ask_human": human,
    "complain": complain,
    "unsure": unsure,
}
