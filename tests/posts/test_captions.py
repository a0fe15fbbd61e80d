"""What in a caption is a hashtag or names somebody, in many scripts, and in linear time."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from posts.services import hashtags_in, mentions_in, tag_name

TAGS = {
    "#sea": ["sea"],
    "Light! #Sea, #sky.": ["sea", "sky"],
    "#Sea #SEA #sea": ["sea"],
    "#sea#sky": ["sea", "sky"],
    "##sea": ["sea"],
    "(#sea)": ["sea"],
    "#sea_2026": ["sea_2026"],
    "#2026": [],
    "#1a": ["1a"],
    "#_": [],
    "#": [],
    "# sea": [],
    "a#sea": [],
    "&#39;sea&#x27;": [],
    "https://example.org/#top": [],
    "#हिन्दी #தமிழ் #ไทย": ["हिन्दी", "தமிழ்", "ไทย"],
    "#می‌خواهم": ["می‌خواهم"],
    "＃東京 #Straße #ＦＵＬＬ": ["東京", "strasse", "full"],
    "#cafe\u0301 #café": ["café"],
    "#İstanbul": ["i̇stanbul"],
    "#sea🌊 #🌊": ["sea"],
    "#don't": ["don"],
    "#a-b": ["a"],
    "#ﷺ": [],
    "#sea\u200d": ["sea"],
    "#" + "x" * 100: ["x" * 100],
    "#" + "x" * 101: [],
}
MENTIONS = {
    "@maya": [("maya",)],
    "Thanks @Maya!": [("maya",)],
    "@maya @MAYA": [("maya",)],
    "with @maya.": [("maya.", "maya")],
    "@a.b_c": [("a.b_c",)],
    "maya@example.org": [],
    "@maya@example.org": [],
    "https://example.org/@maya": [],
    "@ab": [],
    "@" + "a" * 30: [("a" * 30,)],
    "@" + "a" * 31: [],
    "@": [],
    "@ maya": [],
    "(@maya)": [("maya",)],
    "@mayaさん": [("maya",)],
    "＠maya": [("maya",)],
    "@maya,@noor": [("maya",), ("noor",)],
}


@pytest.mark.parametrize("text", TAGS)
def test_hashtags(text):
    assert hashtags_in(text) == TAGS[text]


@pytest.mark.parametrize("text", MENTIONS)
def test_mentions(text):
    assert mentions_in(text) == MENTIONS[text]


@given(st.text())
def test_a_name_is_written_in_one_way_only(text):
    name = tag_name(text)
    if name is not None:
        assert tag_name(name) == name
        assert hashtags_in(f"#{name}") == [name]
        assert len(name) <= 100


@given(st.text(alphabet="#@/&aé. \u0301ह्", max_size=60))
def test_every_tag_stands_in_the_text(text):
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    for name in hashtags_in(text):
        assert name in unicodedata.normalize("NFKC", folded)


HOSTILE = ["#", "#a", "@", "@a", "#@", "a#", "#\u0301", "#_", "@.", "#a@b.", "# ", "##a"]


def steps(text):
    """How many functions, those of C included, reading the text takes."""
    count = 0

    def profile(_frame, event, _function):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        hashtags_in(text), mentions_in(text)
    finally:
        sys.setprofile(None)
    return count


@hypothesis(deadline=None, max_examples=40)
@given(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE))
def test_the_work_grows_with_the_length_and_no_faster(one, other):
    """Eight times the text takes eight times the steps; a square law would take 64 times."""
    short = (one + other) * 50
    assert steps(short * 8) <= 8 * steps(short) + 100


def test_no_run_is_folded_that_is_too_long_for_a_tag():
    """Folding sorts marks, which is not linear: so a long run of them is not looked at."""
    assert tag_name("a" + "\u0301\u0316" * 10_000) is None
    assert tag_name("가" * 100) == "가" * 100
    assert tag_name(unicodedata.normalize("NFD", "각" * 100)) == "각" * 100
