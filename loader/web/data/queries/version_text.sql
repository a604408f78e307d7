-- A text for comparison, with the page's text around it. In markup no line is lost.
select
    articles.dateline,
    articles.body,
    articles.summary,
    articles.caption,
    articles.byline,
    articles.tags_line,
    exists (
        select 1 from snapshots
        where snapshots.article_id = articles.id and snapshots.layout in ('html', 'html-amp')
    ) as is_markup
from articles
where articles.id = :id
