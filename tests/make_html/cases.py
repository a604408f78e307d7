"""The HTML pages of tests/html_cases: all invented, in the structure of docs/page-format.md."""

from __future__ import annotations

import quopri
from dataclasses import replace
from pathlib import Path

from loader.model import Board, Capture
from loader.page import parse_capture

from .furniture import furniture
from .template import NEWS, Page, article_page, head_lines, json_ld, masthead, ticker

_SAMPLES = Path(__file__).parent.parent / "samples"

_REEF = """\
<figure class="media"><img src="/i/reef.jpg" alt="A reef">
<figcaption class="media__caption">
Divers count corals off Astola island. Photo: Recorder</figcaption>
</figure>
<p>GWADAR: Divers who counted corals off Astola island found <em>nine</em> kinds more than five
years ago, the fisheries office said on Thursday.</p>
<p>The <a href="https://www.brecorder.com/news/40344003/coral-count">count</a> took eleven days
&amp; covered 4.2 square kilometres of the sea bed.</p>
<p><strong><a href="https://www.brecorder.com/news/40344002/fishing-nets-are-collected">
Fishing nets are collected from the harbour of Ormara</a></strong></p>
<h3>What was found</h3>
<ul><li>Brain coral at three places.</li><li>Soft coral at seven places.</li></ul>
<table><thead><tr><th>Depth</th><th>2020</th><th>2025</th></tr></thead>
<tbody><tr><td>5 metres</td><td>12</td><td>17</td></tr>
<tr><td>10 metres</td><td>8</td><td>12</td></tr></tbody></table>
<p>“We had feared bleaching,” said Sanobar Baloch, who led the divers.<br>
“We found the contrary.”</p>
<script>window.ad = "<p>An advertisement</p>";</script>
<div class="story__social"><p>Share this story</p></div>
<p>The next count is due in 2030.</p>"""

_URDU = (
    '<nav><a href="https://urdu.brecorder.com/" lang="ur">اردو</a>'
    ' <a href="/print">PRINT EDITION</a></nav>'
)


def board_of(sample: str) -> Board:
    data = (_SAMPLES / f"{sample}.txt").read_bytes()
    board = parse_capture(Capture(data, "text/plain", sample)).board
    if board is None:
        raise ValueError(f"{sample} has no board")
    return board


def cases() -> dict[str, bytes]:
    """Return the content of every case by file name."""
    pages = {
        "2022-article.html": article_page(_article_2022()),
        "2025-urdu-link.html": article_page(_article_2025()),
        "amp.html": _amp(),
        "no-board-section-or-date.html": article_page(_bare()),
        "listing.html": _listing(),
        "rewritten-by-a-browser.html": _rewritten(),
        "cut-off.html": _cut_off(),
        "another-site.html": _another_site(),
        "error-page-with-board.html": _error_page(),
        "login.html": _login(),
        "sources-disagree.html": article_page(_disagreeing()),
        "later-than-the-page.html": article_page(_later()),
    }
    files = {name: text.encode() for name, text in pages.items()}
    files["windows-1252.html"] = _windows_1252()
    files["saved.mhtml"] = _mhtml()
    return files


def _article_2022() -> Page:
    return Page(
        headline="Weavers of Hala try natural dyes again",
        news_id=40158001,
        slug="weavers-of-hala-try-natural-dyes-again",
        board=board_of("2022-logo-print-edition"),
        masthead="Mar 03, 2022",
        section="Business & Finance",
        byline="F. Durrani",
        published="2022-03-03T05:10:00+05:00",
        shown="03 Mar, 2022",
        tags=("weavers", "Hala", "natural dyes"),
        content=(
            "<p>HALA: Weavers in this town have gone back to indigo and madder for a part of their"
            " cloth, and sell it for a third more.</p>\n"
            '<p>A metre takes <a href="/news/40177003/indigo">four days</a> instead of two.</p>\n'
            "<p>Copyright Business Recorder, 2022</p>"
        ),
        furniture=furniture(12_000, seed=2022),
    )


def _article_2025() -> Page:
    return Page(
        headline="Corals off Astola island recover, divers’ count shows",
        news_id=40344001,
        slug="corals-off-astola-island-recover",
        board=board_of("2025-urdu-masthead-no-logo"),
        masthead="Jan 30, 2025",
        section="Pakistan",
        byline="BR Web Desk",
        published="2025-01-29T22:34:17+05:00",
        modified="2025-01-30T09:02:41+05:00",
        shown="29 Jan, 2025 10:34pm",
        shown_update="30 Jan, 2025 09:02am",
        excerpt="<ul><li>Nine kinds more than in 2020</li><li>Next count in 2030</li></ul>",
        tags=("corals", "Astola island", "fisheries"),
        content=_REEF,
        furniture=_URDU,
    )


def _bare() -> Page:
    return Page(
        headline="A page with little on it",
        news_id=40200002,
        content="<p>It has no board, no section, no date and no author.</p>",
    )


def _amp() -> str:
    page = replace(_article_2022(), board=None, masthead="", news_id=40158003)
    head = "\n".join(head_lines(page)).replace('<meta charset="utf-8">', "")
    return f"""<!doctype html>
<html ⚡ lang="en"><head><meta charset="utf-8">
<script async src="https://cdn.ampproject.org/v0.js"></script>
{head}
<style amp-custom>.x{{color:red}}</style>
<noscript><img src="https://counter.example/p.gif"></noscript>
</head><body>
<amp-sidebar id="menu"><ul><li>Markets</li></ul></amp-sidebar>
<main><h1>{page.headline}</h1>
<div class="story__content">
<amp-img src="/i/1.jpg" width="4" height="3"></amp-img>
{page.content}
<amp-ad type="doubleclick">An advertisement</amp-ad>
</div></main></body></html>
"""


def _listing() -> str:
    stories = "\n".join(
        f'<article class="story story--{n}" data-id="{40290000 + n}">'
        f'<h2 class="story__title"><a class="story__link" href="{NEWS}{40290000 + n}/story-{n}">'
        f"Story number {n} of the <b>latest</b> news &amp; views</a></h2>"
        f'<div class="story__excerpt">What story {n} is about, in a sentence.</div>'
        f'<span class="timeago" title="2024-03-04T{20 - n:02}:15:00+05:00">{n} hours ago</span>'
        "</article>"
        for n in range(1, 13)
    )
    board = board_of("2024-caption-twice-and-tail")
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Latest News - Business Recorder</title>
<link rel="canonical" href="https://www.brecorder.com/latest-news">
{json_ld({"@type": "CollectionPage", "name": "Latest News"})}
</head><body>
{ticker(board)}
{masthead("Mar 04, 2024")}
<h1 class="page__title">Latest News</h1>
{stories}
</body></html>
"""


def _rewritten() -> str:
    """Return a page saved with its images: a comment, links to a folder, results of scripts."""
    page = replace(_article_2025(), news_id=40344004)
    text = article_page(page)
    strip = ticker(page.board) if page.board else ""
    # A script that lets the ticker run has put a copy of it behind the first.
    text = text.replace(strip, f'<div class="marquee" style="width: 4000px;">{strip}{strip}</div>')
    text = text.replace(
        "<!DOCTYPE html>\n", f"<!DOCTYPE html>\n<!-- saved from url=(0067){page.url} -->\n"
    )
    text = text.replace('src="/i/', 'src="./Corals_files/')
    frame = '<iframe src="./Corals_files/saved_resource.html" style="display: none;"></iframe>'
    return text.replace("</body>", f"{frame}<grammarly-desktop-integration></body>")


def _cut_off() -> str:
    text = article_page(replace(_article_2025(), news_id=40344005))
    return text[: text.index("covered 4.2 square kil") + 10]


def _another_site() -> str:
    page = Page(headline="A story of another paper", content="<p>KARACHI: Not ours.</p>")
    return article_page(page).replace("www.brecorder.com", "www.other-paper.example")


def _error_page() -> str:
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>404 - Page not found</title></head><body>
{ticker(board_of("2024-caption-twice-and-tail"))}
<h1>Page not found</h1><p>The page that you asked for is not here.</p></body></html>
"""


def _login() -> str:
    return """<!DOCTYPE html>
<html><head><title>Log in</title><link rel="canonical" href="https://www.brecorder.com/login">
</head><body><form><h1>Log in</h1><input name="user"></form></body></html>
"""


def _disagreeing() -> Page:
    page = _article_2022()
    return replace(
        page,
        news_id=40158006,
        shown="05 Mar, 2022",
        head='<meta property="og:title" content="Weavers go back to plants">'
        '<meta property="article:published_time" content="2022-03-04 05:10:00+05:00">',
        furniture="<span class='badge'>Not the section of the story</span>",
    )


def _later() -> Page:
    return replace(
        _article_2022(), news_id=40158007, published="2022-03-09T05:10:00+05:00", shown=""
    )


def _windows_1252() -> bytes:
    page = replace(_article_2022(), news_id=40158008, headline="Weavers’ dyes – a second look")
    page = replace(page, board=None, furniture="")
    text = article_page(page).replace('charset="utf-8"', 'charset="windows-1252"')
    return text.encode("cp1252")


def _mhtml() -> bytes:
    page = replace(_article_2025(), news_id=40344009)
    body = quopri.encodestring(article_page(page).encode())
    text = f"""From: <Saved by Blink>
Snapshot-Content-Location: {page.url}
Subject: A saved page
Date: Thu, 30 Jan 2025 10:15:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----MultipartBoundary--invented----"


------MultipartBoundary--invented----
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://www.brecorder.com/i/reef.jpg

iVBORw0KGgo=

------MultipartBoundary--invented----
Content-Type: text/html
Content-ID: <frame-1@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: {page.url}

BODY
------MultipartBoundary--invented------
"""
    return text.replace("\n", "\r\n").encode().replace(b"BODY", body)


def benchmark_page() -> bytes:
    """Return a page of 200 KB with all elements, for benchmarks/html.py."""
    sentence = "Divers count what grows on the rocks, write it down and come back after five years."
    paragraphs = "\n".join(f"<p>{number}. {sentence * 3}</p>" for number in range(14))
    page = _article_2025()
    page = replace(page, content=_REEF + paragraphs, furniture=_URDU + furniture(182_000))
    return article_page(page).encode()
