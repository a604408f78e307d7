-- The newest texts that name an instrument within the days shown, for instruments named in few
-- texts.
select
    articles.id,
    articles.headline,
    substr(articles.article_date, 1, 10) as date,
    mentions.mention_count
from mentions
cross join articles on articles.id = mentions.article_id
where mentions.instrument_id = :instrument_id
    and articles.article_date >= :first_date and articles.article_date < :last_date || '~'
order by articles.article_date desc, articles.id desc
limit :limit
