"""Render an HTML page that lists the latest news, with headlines and times of articles."""

from __future__ import annotations

_STORY = """<article class="story" data-id="{news_id}"><h2 class="story__title">\
<a class="story__link" href="https://www.brecorder.com/news/{news_id}/story">{headline}</a></h2>\
<div class="story__excerpt">{summary}</div>\
<span class="timeago" title="{listed_at}">today</span></article>"""

# The first two are in spring-2024.jsonl, without a headline; the third is nowhere else.
_STORIES = (
    (
        40299398,
        "Squash academy picks its fourteen towns",
        "Trials are over; lessons begin when the courts have been painted.",
        "2024-04-22T10:05:00+05:00",
    ),
    (
        40298271,
        "Copper at its highest in eleven months",
        "Buyers came back after a week of falling stocks.",
        "2024-04-16T01:10:00+05:00",
    ),
    (
        40299401,
        "Bakers ask for smaller bags of flour",
        "Twenty kilogrammes are too much for a corner shop, they say.",
        "2024-04-22T09:40:00+05:00",
    ),
)


def listing_page() -> str:
    """Return the page, without a board and without a date in its masthead."""
    stories = "\n".join(
        _STORY.format(news_id=news_id, headline=headline, summary=summary, listed_at=listed_at)
        for news_id, headline, summary, listed_at in _STORIES
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Latest News - Business Recorder</title>
<link rel="canonical" href="https://www.brecorder.com/latest-news">
<script type="application/ld+json">{{"@type": "CollectionPage", "name": "Latest News"}}</script>
</head><body>
<h1 class="page__title">Latest News</h1>
{stories}
</body></html>
"""
