"""The pinyin of words, without tones."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pypinyin import lazy_pinyin

# Every syllable that pypinyin gives a character (tests/knowledge/test_pinyin.py); asking it takes half a second.
_ALL = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng cha
chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu cuan cui
cun cuo da dai dan dang dao de den deng di dian diao die ding diu dong dou du duan dui dun duo e ei en eng er fa fan
fang fei fen feng fiao fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha
hai han hang hao he hei hen heng hm hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing
jiong jiu ju juan jue jun ka kai kan kang kao ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang
lao le lei leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun luo lv lve m ma mai man mang mao me
mei men meng mi mian miao mie min ming miu mo mou mu n na nai nan nang nao ne nei nen neng ni nian niang niao nie nin
ning niu nong nou nu nuan nun nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi
qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run
ruo sa sai san sang sao se sen seng sha shai shan shang shao she shen sheng shi shou shu shua shuai shuan shuang shui
shun shuo si song sou su suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan tui tun
tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao
ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhen zheng
zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
SYLLABLES = frozenset(_ALL.split())


@lru_cache(maxsize=50_000)
def syllables(word: str) -> tuple[str, ...]:
    """The syllables of a word's characters."""
    return tuple(lazy_pinyin(word))


def first_letters(word: str) -> str:
    """The first letters of a word's syllables: gxd for 高新贷."""
    return "".join(syllable[0] for syllable in syllables(word))


def is_pinyin(letters: str) -> bool:
    """Whether letters are one syllable, or divide into syllables of two letters and more: one is no o-ne."""
    return _pattern().fullmatch(letters) is not None


@cache
def _pattern() -> re.Pattern[str]:
    longer = sorted((syllable for syllable in SYLLABLES if len(syllable) > 1), key=len, reverse=True)
    return re.compile(f"[aeo]|(?:{'|'.join(longer)})+")
