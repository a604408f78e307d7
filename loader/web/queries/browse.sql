-- No words were given: the newest articles that meet the other wishes.
select
    articles.id,
    coalesce(articles.headline, substr(articles.body, 1, 80) || '…') as title,
    substr(articles.body, 1, 220) as snippet,
    articles.section,
    articles.agency,
    articles.dateline,
    articles.published_at
from articles
where (:section is null or articles.section = :section)
    and (:agency is null or articles.agency = :agency)
    and (:place is null or articles.dateline = :place)
    and (:first_date is null or articles.published_at >= :first_date)
    and (:last_date is null or articles.published_at < :last_date || '~')
    and (:instrument_id is null or exists (
        select 1 from mentions
        where mentions.article_id = articles.id and mentions.instrument_id = :instrument_id
    ))
order by articles.published_at desc, articles.id desc
limit :limit offset :offset
