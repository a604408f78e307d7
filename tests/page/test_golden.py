"""Every sample gives the result in its golden file, and every line of a text has a role."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from loader.page import PARSER_VERSION
from loader.page.decode import decode_text
from loader.page.text import read_page
from tests.page import golden
from tests.page.golden import golden_path, golden_record, html_cases, text_samples

PAGES = [*text_samples(), *html_cases()]
REMEDY = "read the diff, then run `make golden`"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_page_gives_what_its_golden_file_says(page: Path) -> None:
    wanted = json.loads(golden_path(page).read_text(encoding="utf-8"))
    # Through JSON, where tuples are lists.
    assert json.loads(json.dumps(golden_record(page))) == wanted


def test_golden_files_are_those_of_the_pages() -> None:
    files = {path for path in golden.GOLDEN.rglob("*.json") if path.name != "parser_version.json"}
    assert files == {golden_path(page) for page in PAGES}


def test_what_pages_give_changes_only_with_the_parser_version() -> None:
    version, noted = golden.read_noted()
    found = golden.digests_of({page: golden.rendered(page) for page in PAGES})
    if version == PARSER_VERSION:
        changed = golden.parsed_otherwise(noted, found)
        assert not changed, f"raise PARSER_VERSION in loader/page/__init__.py, for {changed}"
    assert (version, noted) == (PARSER_VERSION, found), REMEDY


def otherwise(page: Path) -> str:
    """A parser that reads one page of a text and one of HTML in another way."""
    text = golden.rendered(page)
    return text.replace("}", ',"new": 1}') if page in (PAGES[0], PAGES[-1]) else text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(golden.GOLDEN, tmp_path / "golden")


def contents(folder: Path) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.json")}


def test_another_reading_is_not_written_under_the_same_version(folder: Path) -> None:
    before = contents(folder)
    with pytest.raises(SystemExit, match=r"2 pages .* raise PARSER_VERSION in loader/page"):
        golden.write(folder, render=otherwise)
    assert contents(folder) == before


def test_another_reading_is_written_under_another_version(folder: Path) -> None:
    golden.write(folder, PARSER_VERSION + 1, otherwise)
    assert '"new": 1' in golden_path(PAGES[-1], folder).read_text(encoding="utf-8")
    assert golden.read_noted(folder)[0] == PARSER_VERSION + 1
    with pytest.raises(SystemExit, match="raise PARSER_VERSION"):
        golden.write(folder, PARSER_VERSION + 1)


def test_a_new_or_edited_page_needs_no_new_version(folder: Path) -> None:
    version, noted = golden.read_noted(folder)
    first, second, *others = noted
    pages = {
        second: golden.Digests("of other bytes", "of what they gave"),
        **{name: noted[name] for name in others},
    }
    assert first not in pages
    found = golden.digests_of({page: golden.rendered(page) for page in PAGES})
    assert golden.parsed_otherwise(pages, found) == []
    text = json.dumps({"version": version, "pages": pages})
    (folder / "parser_version.json").write_text(text, encoding="utf-8")
    golden.write(folder)
    assert contents(folder) == {
        folder / path.relative_to(golden.GOLDEN): text
        for path, text in contents(golden.GOLDEN).items()
    }


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
    assert all(page.roles)
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
    excerpts = [problem.excerpt for problem in page.problems]
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
            assert line in excerpts
