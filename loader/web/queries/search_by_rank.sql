with found as (
    select articles_fts.rowid as id, articles_fts.rank
    from articles_fts
    join articles on articles.id = articles_fts.rowid
    where articles_fts match :query
        and articles_fts.rank match 'bm25(8.0, 1.0, 2.0, 2.0, 1.0)'
        and (:section is null or articles.section = :section)
        and (:agency is null or articles.agency = :agency)
        and (:place is null or articles.dateline = :place)
        and (:first_date is null or articles.published_at >= :first_date)
        and (:last_date is null or articles.published_at < :last_date || '~')
        and (:instrument_id is null or exists (
            select 1 from mentions
            where mentions.article_id = articles.id and mentions.instrument_id = :instrument_id
        ))
    order by articles_fts.rank
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
join articles_fts on articles_fts.rowid = found.id and articles_fts match :query
join articles on articles.id = found.id
order by found.rank
