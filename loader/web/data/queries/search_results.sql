-- The results of a page: the articles :ids (JSON), of which :first and :last are the smallest and
-- the largest. The words are looked up once rather than for each article, since every look-up of a
-- prefix (cot*) combines all its words.
with marked as materialized (
    select
        articles_fts.rowid as id,
        snippet(articles_fts, 1, '⟦', '⟧', ' … ', 32) as snippet
    from articles_fts
    where articles_fts match :query
        and articles_fts.rowid >= :first and articles_fts.rowid <= :last
        and +articles_fts.rowid in (select value from json_each(:ids))
)
select
    articles.id,
    coalesce(articles.headline, substr(articles.body, 1, 80) || '…') as title,
    marked.snippet,
    articles.section,
    articles.agency,
    articles.dateline,
    articles.article_date,
    articles.article_date_basis,
    articles.published_at
from marked
cross join articles on articles.id = marked.id
