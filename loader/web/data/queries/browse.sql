-- A search without words: the newest articles that meet the other conditions (/* filters */). Rows
-- are joined last, since otherwise the sort would copy every body.
with found as (
    select id
    from articles
    where 1 /* filters */
    order by article_date desc, id desc
    limit :limit offset :offset
)
select
    articles.id,
    coalesce(articles.headline, substr(articles.body, 1, 80) || '…') as title,
    substr(articles.body, 1, 220) as snippet,
    articles.section,
    articles.agency,
    articles.dateline,
    articles.article_date,
    articles.article_date_basis,
    articles.published_at
from found
cross join articles on articles.id = found.id
order by articles.article_date desc, articles.id desc
