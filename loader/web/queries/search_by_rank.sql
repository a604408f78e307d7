-- The best of at most :cap matches, those added to the archive last; `matches` is how many
-- these are. /* filters */ as in search_count.sql.
with matches as materialized (
    select articles_fts.rowid as id, bm25(articles_fts, 8.0, 1.0, 2.0, 2.0, 1.0) as score
    from articles_fts
    cross join articles indexed by articles_filters on articles.id = articles_fts.rowid
    where articles_fts match :query /* filters */
    order by articles_fts.rowid desc
    limit :cap
),
found as (
    select id, score from matches order by score, id desc limit :limit offset :offset
)
select
    articles.id,
    coalesce(articles.headline, substr(articles.body, 1, 80) || '…') as title,
    snippet(articles_fts, 1, '⟦', '⟧', ' … ', 32) as snippet,
    articles.section,
    articles.agency,
    articles.dateline,
    articles.published_at,
    (select count(*) from matches) as matches
from found
cross join articles_fts on articles_fts.rowid = found.id and articles_fts match :query
cross join articles on articles.id = found.id
order by found.score, found.id desc
