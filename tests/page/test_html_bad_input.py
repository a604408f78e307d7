"""Any content of an HTML page: no exception, and only text is stored."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from tests.make_html.template import NEWS, article_page
from tests.page.html_pages import PAGE, UNSEEN, parse, stored, with_content


def test_unclosed_tags_leave_the_text() -> None:
    snapshot = with_content("<p>One <b>bold <i>both<p>Two<div><ul><li>Three")
    assert snapshot.article is not None
    assert snapshot.article.body.startswith("One bold both\n\nTwo\n\n• Three")


def test_entities_are_decoded_once() -> None:
    content = (
        "<p>&lt;b&gt; &amp;lt; &#8364; &#x20AC; &nbsp;&hellip; &unknown; &#0; &#xD800; &#1;</p>"
    )
    snapshot = with_content(content)
    assert snapshot.article is not None
    assert snapshot.article.body.startswith("<b> &lt; € € … &unknown;")
    assert not UNSEEN.search(snapshot.article.body)


def test_markup_in_a_headline_goes_and_escaped_markup_is_text() -> None:
    html = article_page(PAGE)
    marked = html.replace(">Rain fills ponds</a>", "><b>Rain</b> <i>fills</i> ponds</a>")
    snapshot = parse(marked)
    assert snapshot.article and snapshot.article.headline == "Rain fills ponds"
    escaped = html.replace(">Rain fills ponds</a>", ">&lt;b&gt;Rain&lt;/b&gt; fills</a>")
    snapshot = parse(escaped)
    assert snapshot.article and snapshot.article.headline == "<b>Rain</b> fills"


def test_markup_and_entities_in_json_ld_and_meta_tags_are_taken_out() -> None:
    html = article_page(PAGE)
    html = re.sub(r"<h1.*?</h1>", "", html)
    html = html.replace('"headline": "Rain fills ponds"', '"headline": "<b>Rain</b> &amp; ponds"')
    snapshot = parse(html)
    assert snapshot.article and snapshot.article.headline == "Rain & ponds"


def test_control_and_direction_characters_are_stored_nowhere() -> None:
    page = replace(
        PAGE,
        headline="Rain\u202e fills\u200f ponds\u2066",
        content="<p>MITHI: Ra\x01in\x7f fil\u202dled\x85 ponds\u200e.</p>",
        section="Pak\u202eistan",
        byline="A.\u2067 Writer",
        tags=("ra\u200ein",),
    )
    snapshot = parse(article_page(page))
    assert snapshot.article is not None
    assert snapshot.article.headline == "Rain fills ponds"
    assert snapshot.article.body == "Rain filled ponds."
    assert snapshot.article.tags == ("rain",)
    assert not [text for text in stored(snapshot) if UNSEEN.search(text)]
    assert {problem.kind for problem in snapshot.problems} <= {"conflict"}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//", "http://[", " "])
def test_links_that_are_no_addresses_are_stored_nowhere(url: str) -> None:
    html = article_page(PAGE).replace(PAGE.url, url)
    snapshot = parse(html)
    assert snapshot.article is not None
    assert snapshot.page_url == f"{NEWS}{PAGE.news_id}"
    assert not [text for text in stored(snapshot) if "javascript:" in text or "data:" in text]


@pytest.mark.parametrize(
    "block",
    [
        "{", "no json", "[" * 100_000, '{"a": 1,}', '{"n": ' + "9" * 5_000 + "}", "\ufeff{}", "nul",
        "{" + "\x01" * 9,
    ],
    ids=lambda block: block[:8].strip() or "bom",
)  # fmt: skip
def test_json_ld_that_is_no_json_is_a_finding(block: str) -> None:
    html = article_page(PAGE)
    html = re.sub(
        r'(<script type="application/ld\+json">)[^\n]*NewsArticle[^\n]*(</script>)',
        lambda match: match[1] + block + match[2],
        html,
    )
    snapshot = parse(html)
    assert snapshot.article and snapshot.article.headline == "Rain fills ponds"
    assert [problem.kind for problem in snapshot.problems] == ["bad-json"]


@pytest.mark.parametrize(
    "news",
    [
        {"headline": 7, "author": 7, "datePublished": 7, "mainEntityOfPage": 7, "keywords": 7},
        {"headline": None, "author": [None, {}, {"name": {}}, []], "keywords": [1, "a", None]},
        {"headline": ["x"], "author": {"name": ["x"]}, "mainEntityOfPage": {"@id": ["x"]}},
        {"headline": "\ud800", "datePublished": "", "mainEntityOfPage": [[]]},
    ],
)
def test_json_ld_of_other_types_than_expected_is_passed_over(news: dict[str, object]) -> None:
    block = json.dumps({"@type": ["X", "NewsArticle"], **news})
    html = article_page(PAGE).replace('"NewsArticle"', '"X"')
    html = html.replace("</head>", f'<script type="application/ld+json">{block}</script></head>')
    snapshot = parse(html)
    assert snapshot.article and snapshot.article.headline == "Rain fills ponds"
    assert snapshot.problems == ()


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 <html>", b"\n %PDF-1.4", b"\x89PNG\r\n\0\0", b"{}", b" "]
)
def test_a_file_that_is_no_html_is_no_page(data: bytes) -> None:
    snapshot = parse(data)
    assert snapshot.is_refused
    assert [problem.kind for problem in snapshot.problems] == ["not-a-page"]


def test_a_page_cut_off_anywhere_gives_what_there_is() -> None:
    html = article_page(replace(PAGE, content="<p>One is here.</p><p>Two is here.</p>")).encode()
    for end in range(0, len(html), 7):
        snapshot = parse(html[:end])
        assert snapshot.article is not None or snapshot.is_refused
        if snapshot.article:
            assert (
                "cut-off" in {problem.kind for problem in snapshot.problems} or end > len(html) - 9
            )
