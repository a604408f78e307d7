-- The newest texts that name an instrument, within the days shown.
select
    articles.id,
    articles.headline,
    substr(articles.published_at, 1, 10) as date,
    mentions.count
from articles
join mentions on mentions.article_id = articles.id and mentions.instrument_id = :instrument_id
where articles.published_at >= :first_date and articles.published_at < :last_date || '~'
order by articles.published_at desc, articles.id desc
limit :limit
