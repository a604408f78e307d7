"""Every sample gives what its golden file says, and every line of it has a role."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loader.page.decode import decode_text
from loader.page.reading import ROLES
from loader.page.text import read_page
from tests.page.golden import golden_path, golden_record, text_samples


@pytest.mark.parametrize("sample", text_samples(), ids=lambda path: path.stem)
def test_sample_gives_what_its_golden_file_says(sample: Path) -> None:
    wanted = json.loads(golden_path(sample).read_text(encoding="utf-8"))
    # Through JSON, where tuples are lists.
    assert json.loads(json.dumps(golden_record(sample))) == wanted


def test_there_is_a_sample_for_each_era_and_layout() -> None:
    samples = text_samples()
    assert len(samples) >= 16
    layouts = {json.loads(golden_path(sample).read_text())["layout"] for sample in samples}
    assert layouts >= {
        "seed", "headline", "logo", "masthead", "date-line", "print-section", "covid", "epaper",
        "section", "listing",
    }  # fmt: skip
    assert {sample.name[:4] for sample in samples} >= {str(year) for year in range(2018, 2026)}


@pytest.mark.parametrize("sample", text_samples(), ids=lambda path: path.stem)
def test_every_line_of_a_sample_is_accounted_for(sample: Path) -> None:
    page = read_page(decode_text(sample.read_bytes()))
    assert len(page.roles) == len(page.lines)
    assert set(page.roles) <= ROLES
    for line, role in zip(page.lines, page.roles, strict=True):
        assert (role == "blank") == (not line.strip())


@pytest.mark.parametrize("sample", text_samples(), ids=lambda path: path.stem)
def test_every_line_with_a_role_of_the_article_is_in_the_article(sample: Path) -> None:
    page = read_page(decode_text(sample.read_bytes()))
    article = page.article
    if article is None:
        # A listing has no article, nor any line of one.
        assert not {"body", "headline", "teaser", "tags"} & set(page.roles)
        return
    stored = "\n".join(
        filter(
            None,
            [
                f"{article.dateline}: {article.body}" if article.dateline else article.body,
                article.headline,
                article.summary,
                *(teaser.headline for teaser in article.teasers),
                article.tags_line,
            ],
        )
    )
    for line, role in zip(page.lines, page.roles, strict=True):
        if role in {"body", "headline", "teaser", "tags"}:
            assert line.strip() in stored
        if role == "problem":
            assert any(line == excerpt for _, _, excerpt in page.problems)
