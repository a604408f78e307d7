"""Digests of equal and different texts."""

from __future__ import annotations

import hashlib
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from loader.model import Article
from loader.page.digest import article_digest, fold_body

# Blanks of all kinds, and letters that NFC composes.
_TEXT = st.text(st.sampled_from("ab é́ \n\t\u00a0\u2000\u2001\u2028\u3000\u0301\u0308A\u030aKÅ"))


@given(_TEXT, st.none() | _TEXT)
def test_text_is_compared_composed_and_with_its_blanks_folded(
    body: str, dateline: str | None
) -> None:
    whole = f"{dateline}: {body}" if dateline else body
    folded = " ".join(unicodedata.normalize("NFC", whole).split())
    wanted = hashlib.sha256((folded if body else "headline\t").encode()).hexdigest()
    article = Article(body, dateline=dateline)
    assert article_digest(article) == article_digest(article, fold_body(body)) == wanted


@given(_TEXT | st.text(st.sampled_from("ab é\n ")))
def test_body_is_folded_as_splitting_it_would(body: str) -> None:
    words = body.split()
    assert fold_body(body) == (" ".join(words), len(words))
