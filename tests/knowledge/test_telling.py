"""What people tell of their company in passing, with the real book; a mere question tells nothing."""

from __future__ import annotations

import pytest

from actions.knowledge import Focus, PolicyBook
from actions.knowledge.reading import Reader
from actions.knowledge.telling import Told, asks, told


@pytest.fixture(scope="module")
def reader(book: PolicyBook) -> Reader:
    return Reader(book, segment=lambda run: [run])


def tells(reader: Reader, text: str, *, asked: bool = False) -> Told:
    return told(reader.book, reader.query(reader.read(text), None, Focus()), asked=asked)


# (text, place, what is so, what is not)
TOLD: list[tuple[str, str | None, str, str]] = [
    ("我们是崂山的小微企业，刚认定高企", "laoshan", "micro first-high-tech high-tech", ""),
    ("我是崂山的小微企业", "laoshan", "micro", ""),
    ("我们公司在即墨，做外贸的", "jimo", "foreign-trade", ""),
    ("我公司注册在青岛高新区，科技型中小企业", "gaoxin", "tech-sme", ""),
    ("俺是胶州的个体户", "jiaozhou", "self-employed", ""),
    ("我开了个小店，在市北", "shibei", "micro", ""),
    ("咱是做跨境电商的", None, "foreign-trade ecommerce", ""),
    ("我们是一家生物医药公司", None, "emerging", ""),
    ("我司是专精特新企业", None, "specialized", ""),
    ("我们不是高企", None, "", "high-tech"),
    ("我们不是小微企业，是大型企业", None, "large", "micro"),
    ("我们没有专利", None, "", "has-ip"),
    ("我们有两项专利", None, "has-ip", ""),
    ("我们想贷款", None, "financing", ""),
    ("公司缺钱，想贷款", None, "financing", ""),
    ("我们准备上市", None, "listing", ""),
    ("我们打算在新三板挂牌", None, "listing", ""),
    ("我们做芯片设计的", None, "emerging chip", ""),
    ("我们是搞VR的", None, "emerging vr", ""),
    ("我们刚成立，想找投资", None, "startup equity", ""),
    ("我是个博士，想到上合创业", "shanghe", "talent startup", ""),
    ("我们想招几个博士", None, "bring-talent", ""),
    ("我们厂里缺工人", None, "hiring", ""),
    ("我家里是种植大户", None, "farmer", ""),
    ("我们是律师事务所，在崂山租了办公室", "laoshan", "intermediary renting", ""),
    ("我们是人力资源公司", None, "intermediary hr-agency", ""),
    ("我们的写字楼评上了五星级", None, "building-owner building-star", ""),
    ("我们的孵化器认定为国家级", None, "incubator-recognized", ""),
    ("我们想办营业执照", None, "paperwork opening", ""),
    ("我要开公司", None, "opening", ""),
    ("我们正准备开工，要办施工许可", None, "permit paperwork", ""),
    ("我们收美元，担心汇率", None, "fx-hedge", ""),
    ("我们怕汇率波动", None, "fx-hedge", ""),
    ("有个国外客户欠我们钱不给", None, "bad-debt", ""),
    ("我们想找海外客户", None, "overseas-customers", ""),
    ("我们公司税负太重了", None, "tax", ""),
    ("我们想拿地建厂", None, "land", ""),
    ("我们是民营企业", None, "private", ""),
    ("我们公司是做软件的", None, "software", ""),
    ("我们开了个幼儿园", None, "kindergarten", ""),
    ("我们是物业公司", None, "property", ""),
    ("公司在崂山", "laoshan", "", ""),
    ("我们不在崂山，在即墨", "jimo", "", ""),
    ("企业是瞪羚企业", None, "gazelle", ""),
    ("我们入选了世界500强", None, "top500", ""),
    ("我们第一次认定高企", None, "first-high-tech high-tech", ""),
    ("我们今年刚拿到高企", None, "first-high-tech high-tech", ""),
    ("我们还不是高企", None, "", "high-tech"),
    ("我们没有贷款需求", None, "", "financing"),
    ("我们不缺钱", None, "", "financing"),
    ("我们不想上市", None, "", "listing"),
    ("我们未认定高企", None, "", "high-tech"),
    ("我们准备转型升规", None, "upgrade", ""),
    ("我们想参与制定国家标准", None, "standard", ""),
    ("我们在搞数字化改造", None, "digital", ""),
    ("我们经常投标", None, "bidding", ""),
    ("我们是农民合作社", None, "farmer", ""),
    ("我们做动漫的", None, "culture", ""),
    ("我们跑物流", None, "logistics", ""),
    ("我们招了两个硕士", None, "bring-talent", ""),
    ("我们跟高校合作，想做成果转化", None, "tech-transfer", ""),
    ("我在厂里上班", None, "worker", ""),
    ("我们建筑公司想做装配式建筑", None, "construction", ""),
    ("我们集团是中国500强，想把总部搬到崂山", "laoshan", "top500 new-hq", ""),
    ("我们新上一条生产线", None, "industrial-project", ""),
    ("我们楼今年税收首次突破10亿", None, "building-tax", ""),
    ("我们搞研发", None, "rd", ""),
    ("我们是小型微利企业", None, "micro", ""),
    ("我这是个小公司", None, "micro", ""),
    ("我们属于中小企业", None, "sme", ""),
    ("我们是外贸公司，在上合，小微", "shanghe", "foreign-trade micro", ""),
    ("我们在黄岛开厂", "xihaian", "", ""),
    ("注册在黄岛的制造企业", "xihaian", "manufacturer", ""),
    ("我这边是做外贸的", None, "foreign-trade", ""),
    ("本公司为高新技术企业", None, "high-tech", ""),
    ("我的企业是高企但不是小微", None, "high-tech", "micro"),
    ("我们也不是小微企业", None, "", "micro"),
    ("我们从来没认定过高企", None, "", "high-tech"),
    ("我们还没拿到高企", None, "", "high-tech"),
    ("我们高企没批下来", None, "", "high-tech"),
    ("我們是嶗山的小微企業", "laoshan", "micro", ""),
    ("我们不算小微企业吧", None, "", "micro"),
    ("我们公司是家小厂", None, "micro", ""),
    ("公司刚注册", None, "startup", ""),
    ("我们有出口业务", None, "foreign-trade", ""),
    ("我们出口到日本", None, "foreign-trade", ""),
    ("我们产品主要出口", None, "foreign-trade", ""),
    ("我们做进出口贸易", None, "foreign-trade", ""),
    ("我们主要做国际贸易", None, "foreign-trade", ""),
    ("我们搞养殖", None, "farmer", ""),
    ("我们要盖厂房", None, "industrial-project land", ""),
    ("我是外地人才想来青岛", "qingdao", "talent", ""),
    ("我是硕士毕业", None, "talent", ""),
    ("我是大学老师", None, "research", ""),
]


@pytest.mark.parametrize(("text", "region", "yes", "no"), TOLD)
def test_told(reader: Reader, text: str, region: str | None, yes: str, no: str) -> None:
    found = tells(reader, text)
    assert (found.region, set(found.yes), set(found.no)) == (region, set(yes.split()), set(no.split()))
    assert found


# A question that also tells: the question comes after.
TELLING_QUESTIONS: list[tuple[str, str | None, str]] = [
    ("我们是小微企业能贷多少", None, "micro"),
    ("我们是崂山的小微企业有什么政策", "laoshan", "micro"),
    ("我们公司在崂山能办吗", "laoshan", ""),
    ("注册在即墨的公司能办吗", "jimo", ""),
    ("我们做外贸怎么规避汇率风险？", None, "foreign-trade"),
    ("我们公司缺钱怎么办", None, "financing"),
    ("我们刚认定高企给多少奖励", None, "first-high-tech high-tech"),
    ("我们是高企，能拿多少？", None, "high-tech"),
    ("我在崂山，高企奖多少？", "laoshan", ""),
]


@pytest.mark.parametrize(("text", "region", "yes"), TELLING_QUESTIONS)
def test_question_that_tells(reader: Reader, text: str, region: str | None, yes: str) -> None:
    found = tells(reader, text)
    assert (found.region, set(found.yes), found.no) == (region, set(yes.split()), ())


MERE = [
    "高企奖励多少？",
    "崂山的小微企业有什么政策",
    "小微企业能贷多少",
    "高新贷什么条件",
    "孵化器认定奖励",
    "崂山首次认定高企奖多少",
    "外贸公司怎么规避汇率风险？",
    "我想问小微企业有什么政策",
    "我想了解高新贷",
    "我们想问问崂山的孵化器奖励",
    "我能申请什么政策",
    "企业上市哪些区有支持",
    "人才公寓租金打几折",
    "施工许可找哪个部门",
    "即墨人才公寓有多大",
    "我想咨询一下人才补贴",
    "我们要怎么申请高企奖励",
    "我能拿到高企奖励吗",
    "什么是小微企业",
    "我们算小微企业吗",
    "高企和科技型中小企业有什么区别",
    "我可以申请小微企业贷款吗",
    "崂山五星级写字楼奖励多少",
    "新获批重点实验室奖多少",
    "民办幼儿园有补助吗",
    "国家级孵化器奖励标准",
    "换成崂山呢",
    "崂山呢",
    "谢谢，我知道了",
    "我问的是崂山的孵化器",
    "我说的是高新贷",
    "我看到新闻说小微企业能贷500万",
    "我听说高企奖30万",
    "公司上市补多少",
    "企业在哪里申请",
    "公司在哪办营业执照",
    "个体户贷款",
    "紧缺人才生活补贴怎么算",
    "博士有补贴吗",
    "给我介绍一下高企政策",
    "告诉我崂山的政策",
    "帮我查一下高企奖励",
    "我想看崂山的人才政策",
    "我要看小微企业的政策",
    "我朋友是小微企业",
    "别的公司是高企",
    "我不是问高企",
    "我不想问崂山",
    "你们支持小微企业吗",
    "我想知道孵化器的奖励",
    "小微企业贷款",
    "我们公司是不是小微企业",
    "请给我高企认定的材料清单",
    "我对人才公寓感兴趣",
    "咱们市有什么小微企业政策",
    "我国高企有多少家",
    "自贸片区的人才住房",
    "我想比较高新贷和汇保通",
    "我只关心外贸企业的",
    "我问一下个体工商户的政策",
    "我想申请高新贷",
    "我们想申请崂山的孵化器奖励",
    "我们怎么才能成为专精特新",
    "我们什么时候能申报高企",
    "我想问一下企业上市的补助",
    "给我讲讲首次认定高企",
    "我们这的小微企业",
    "我们不知道高企怎么认定",
    "小微企业，高企，科技企业，都有什么政策",
    "你们是小微企业吗",
    "高企是什么意思，科技型中小企业呢",
    "崂山和即墨的孵化器各奖多少",
]


@pytest.mark.parametrize("text", MERE)
def test_mere_question(reader: Reader, text: str) -> None:
    assert tells(reader, text) == Told()
    assert not tells(reader, text)


# In answer to a question, or where one asks what fits, every clause tells.
ANSWERS: list[tuple[str, str | None, str, str]] = [
    ("崂山", "laoshan", "", ""),
    ("不在崂山，在即墨", "jimo", "", ""),
    ("高企，在崂山", "laoshan", "high-tech", ""),
    ("小微企业能申请什么", None, "micro", ""),
    ("请问崂山的小微企业能申请哪些政策", "laoshan", "micro", ""),
    ("不是小微，是大型企业", None, "large", "micro"),
    ("不是高企、专精特新", None, "", "high-tech specialized"),
    ("没有专利", None, "", "has-ip"),
    ("从即墨搬到崂山", "laoshan", "", ""),
    ("想招博士", None, "bring-talent", ""),
    ("想找小微企业能申请的", None, "micro", ""),
    ("找专精特新能申请的项目", None, "specialized", ""),
    ("是不是小微企业", None, "", ""),
    ("有什么政策", None, "", ""),
    ("", None, "", ""),
]


@pytest.mark.parametrize(("text", "region", "yes", "no"), ANSWERS)
def test_answer(reader: Reader, text: str, region: str | None, yes: str, no: str) -> None:
    found = tells(reader, text, asked=True)
    assert (found.region, set(found.yes), set(found.no)) == (region, set(yes.split()), set(no.split()))


def test_a_town_inside_a_district_is_the_nearer_place(reader: Reader) -> None:
    assert tells(reader, "我们在西海岸，藏马镇上").region == "cangma"
    assert tells(reader, "我们在青岛崂山").region == "laoshan"


def test_yes_and_no_never_hold_the_same_fact(reader: Reader) -> None:
    for text in ("我们不是高企，我们是高企", "我们是小微企业，不是小微企业", "我们不想贷款，但缺钱"):
        found = tells(reader, text)
        assert not set(found.yes) & set(found.no)


def test_every_way_of_saying_a_fact_can_be_found(book: PolicyBook) -> None:
    """The first words of every way, said together, speak of the fact (whatever else they speak of)."""
    for fact in book.facts.values():
        for way in fact.said:
            clause = "".join(group.split("|")[0].strip().lower() for group in way.split("&"))
            spoken = {id: (start, end) for id, start, end in book.sayings.find(clause)}
            assert fact.id in spoken, (fact.id, clause)
            start, end = spoken[fact.id]
            assert 0 <= start < end <= len(clause)


@pytest.mark.parametrize("text", ["给多少", "是小微吗", "怎么办", "几万块", "高企呢", "能不能办", "是吗?"])
def test_asks(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", ["我们是小微企业", "招了几个博士", "这么小的公司", "没什么", "崂山"])
def test_asks_nothing(text: str) -> None:
    assert not asks(text)
