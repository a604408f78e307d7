-- No words were given: the newest articles that meet the other wishes (/* filters */).
select
    articles.id,
    coalesce(articles.headline, substr(articles.body, 1, 80) || '…') as title,
    substr(articles.body, 1, 220) as snippet,
    articles.section,
    articles.agency,
    articles.dateline,
    articles.published_at
from articles
where 1 /* filters */
order by articles.published_at desc, articles.id desc
limit :limit offset :offset
