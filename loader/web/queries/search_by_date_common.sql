-- As search_by_date.sql for words of so many articles that the newest are soon found by
-- going back in time and asking of each article whether it matches.
with found as (
    select articles.id
    from articles
    where exists (
        select 1 from articles_fts
        where articles_fts.rowid = articles.id and articles_fts match :query
    )
    order by articles.published_at desc, articles.id desc
    limit :limit offset :offset
)
select
    articles.id,
    coalesce(articles.headline, substr(articles.body, 1, 80) || '…') as title,
    snippet(articles_fts, 1, '⟦', '⟧', ' … ', 32) as snippet,
    articles.section,
    articles.agency,
    articles.dateline,
    articles.published_at
from found
cross join articles_fts on articles_fts.rowid = found.id and articles_fts match :query
cross join articles on articles.id = found.id
order by articles.published_at desc, articles.id desc
