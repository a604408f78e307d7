"""Pages in messages: MHTML in multipart/alternative, attached, forwarded, encoded."""

from __future__ import annotations

import base64
import quopri
from dataclasses import replace
from email.message import EmailMessage

import pytest

from loader.model import Capture, Snapshot
from loader.page import parse_capture
from tests.make_html.template import article_page
from tests.page.golden import CASES, capture_of
from tests.page.html_pages import PAGE

SAVED = capture_of(CASES / "saved.mhtml").data
HTML = article_page(PAGE).encode()
URL = "https://www.brecorder.com/news/40300001/a-slug"
MAIL = (
    b"From: a@example.org\r\nTo: b@example.org\r\nSubject: A page\r\n"
    b"Date: Fri, 03 May 2024 15:15:00 +0500\r\nMIME-Version: 1.0\r\n"
)


def parse(data: bytes) -> Snapshot:
    return parse_capture(Capture(data, "multipart/related", "mail.eml"))


def multipart(kind: str, *parts: bytes, boundary: str = "b") -> bytes:
    mark = f"--{boundary}".encode()
    body = b"".join(b"%b\r\n%b\r\n" % (mark, part) for part in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + body + mark + b"--\r\n"


def part(data: bytes, kind: str = "text/html; charset=utf-8", *fields: str) -> bytes:
    return "\r\n".join([f"Content-Type: {kind}", *fields]).encode() + b"\r\n\r\n" + data


RELATED = multipart(
    "related",
    part(b"iVBORw0KGgo=", "image/png", "Content-Transfer-Encoding: base64"),
    part(HTML, "text/html; charset=utf-8", f"Content-Location: {URL}"),
    boundary="bb",
)
TEXT = part(b"See the page.", "text/plain")
MAILS = {
    "html alone": MAIL + part(HTML),
    "alternative": MAIL + multipart("alternative", TEXT, part(HTML)),
    "related": MAIL + RELATED,
    "related in alternative": MAIL + multipart("alternative", TEXT, RELATED),
    "alternative in mixed": MAIL
    + multipart("mixed", multipart("alternative", TEXT, RELATED, boundary="bbb"), TEXT),
    "alternative in related": MAIL
    + multipart("related", multipart("alternative", TEXT, part(HTML), boundary="b2")),
    "attached page": MAIL
    + multipart(
        "mixed",
        part(b"<html><p>Look at this.</p></html>"),
        part(HTML, "text/html", "Content-Disposition: attachment; filename=page.html"),
    ),
    "base64": MAIL
    + multipart(
        "alternative",
        TEXT,
        part(base64.encodebytes(HTML), "text/html", "Content-Transfer-Encoding: base64"),
    ),
    "quoted-printable": MAIL
    + part(quopri.encodestring(HTML), "text/html", "Content-Transfer-Encoding: quoted-printable"),
    "forwarded": MAIL + multipart("mixed", TEXT, b"Content-Type: message/rfc822\r\n\r\n" + SAVED),
    "forwarded in base64": MAIL
    + multipart(
        "mixed",
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(SAVED),
    ),
    "attached as bytes": MAIL
    + multipart(
        "mixed",
        part(b"<html><p>Look at this." + b" " * 100_000 + b"</p></html>"),
        part(
            base64.encodebytes(b"\r\n<!-- saved --><!-- by hand -->\n" + HTML),
            "application/octet-stream",
            'Content-Disposition: attachment; filename="page.html"',
            "Content-Transfer-Encoding: base64",
        ),
    ),
    "save forwarded as bytes": MAIL
    + multipart(
        "mixed",
        TEXT,
        part(
            base64.encodebytes(SAVED),
            "application/octet-stream; name=page.mhtml",
            "Content-Transfer-Encoding: base64",
        ),
    ),
    "save forwarded under its own type": MAIL
    + multipart(
        "mixed",
        part(
            quopri.encodestring(SAVED),
            "multipart/related; name=page.mht",
            "Content-Transfer-Encoding: quoted-printable",
        ),
    ),
    "line feeds alone": (MAIL + multipart("alternative", TEXT, RELATED)).replace(b"\r\n", b"\n"),
    "no end mark": (MAIL + multipart("alternative", TEXT, RELATED)).removesuffix(b"--b--\r\n"),
}


@pytest.mark.parametrize("name", MAILS)
def test_the_page_in_a_message_is_found(name: str) -> None:
    snapshot = parse(MAILS[name])
    assert snapshot.article is not None, snapshot.problems
    assert snapshot.article.headline in ("Rain fills ponds",) or "forwarded" in name
    assert snapshot.news_id is not None
    assert snapshot.capture.data == MAILS[name]
    if "forwarded" in name:
        # The save's own headers stand nearer to the page than the message's.
        assert snapshot.capture.captured_at == "2025-01-30T10:15:00Z"
    else:
        assert snapshot.capture.captured_at == "2024-05-03T10:15:00Z"
        assert snapshot.capture.captured_basis == "message Date"


def test_what_the_standard_library_writes_is_read() -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.org", "c@d.org", "A page"
    message["Date"] = "Fri, 03 May 2024 10:15:00 +0000"
    message.set_content("See the page.")
    message.add_alternative(HTML.decode(), subtype="html")
    snapshot = parse(message.as_bytes())
    assert snapshot.article is not None and snapshot.article.headline == "Rain fills ponds"


def test_an_address_of_a_part_is_that_of_the_page() -> None:
    assert parse(MAILS["related in alternative"]).capture.url == URL


def test_bytes_of_the_same_page_give_one_article_in_every_wrapping() -> None:
    bodies = {
        snapshot.article.body
        for name, mail in MAILS.items()
        if "forwarded" not in name and (snapshot := parse(mail)).article
    }
    assert len(bodies) == 1


@pytest.mark.parametrize(
    "data",
    [
        MAIL + part(b"A letter without any page.", "text/plain"),
        MAIL + multipart("mixed", TEXT, part(b"%PDF", "application/pdf")),
        MAIL,
        MAIL + b"Content-Type: multipart/alternative\r\n\r\n--b\r\n",
    ],
)
def test_a_message_without_a_page_is_refused(data: bytes) -> None:
    snapshot = parse(data)
    assert snapshot.is_refused
    assert [problem.kind for problem in snapshot.problems] == ["not-a-page"]


def test_a_letter_in_html_is_no_article() -> None:
    assert parse(MAIL + part(b"<html><p>Dear all</p></html>")).is_refused


def test_parts_nested_without_end_are_not_followed() -> None:
    data = part(HTML)
    for depth in range(200):
        data = multipart("mixed", data, boundary=f"b{depth}")
    assert parse(MAIL + data).is_refused


def test_a_million_marks_take_no_time() -> None:
    assert parse(MAIL + multipart("mixed", *[b"\r\n"] * 100_000)).is_refused


def test_what_the_user_says_comes_first() -> None:
    told = Capture(MAILS["related"], "multipart/related", "a.eml", url=URL.replace("1/", "2/"))
    snapshot = parse_capture(replace(told, captured_at="2025-01-01", captured_basis="option"))
    assert (snapshot.news_id, snapshot.capture.captured_at) == (40300002, "2025-01-01")


def test_a_message_with_several_pages_tells_that_one_is_read() -> None:
    def attached(data: bytes, name: str) -> bytes:
        return part(data, "text/html", f"Content-Disposition: attachment; filename={name}")

    mail = MAIL + multipart(
        "mixed", TEXT, attached(HTML, "one.html"), attached(b"<p>x", "two.html")
    )
    snapshot = parse(mail)
    assert snapshot.article is not None
    (problem,) = [problem for problem in snapshot.problems if problem.kind == "unsupported"]
    assert "2 pages" in problem.detail and problem.excerpt == "two.html"
    once = MAIL + multipart("mixed", TEXT, attached(HTML, "one.html"))
    assert not [problem for problem in parse(once).problems if problem.kind == "unsupported"]


def test_attachments_that_are_no_pages_cost_nothing() -> None:
    bytes_of = "application/octet-stream", "Content-Transfer-Encoding: base64"
    others = [part(base64.encodebytes(data), *bytes_of) for data in (b"%PDF-1.4", b"a: b\n", b"")]
    snapshot = parse(MAIL + multipart("mixed", part(HTML), *others))
    assert snapshot.article is not None
    assert "unsupported" not in [problem.kind for problem in snapshot.problems]
