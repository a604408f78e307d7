select
    articles.id,
    articles.headline,
    articles.article_date,
    articles.published_at,
    articles.updated_at,
    articles.word_count,
    (
        select min(snapshots.captured_at) from snapshots
        where snapshots.article_id = articles.id
    ) as first_captured_at
from articles
where articles.page_id = :page_id
order by coalesce(articles.updated_at, articles.article_date, first_captured_at), articles.digest
limit 50
