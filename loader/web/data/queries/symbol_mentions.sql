-- The newest texts that name an instrument, within the days shown; for instruments that few
-- texts name.
select
    articles.id,
    articles.headline,
    substr(articles.published_at, 1, 10) as date,
    mentions.mention_count
from mentions
cross join articles on articles.id = mentions.article_id
where mentions.instrument_id = :instrument_id
    and articles.published_at >= :first_date and articles.published_at < :last_date || '~'
order by articles.published_at desc, articles.id desc
limit :limit
