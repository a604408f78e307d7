-- The same as symbol_mentions.sql for an instrument named in so many texts (KSE100) that a scan
-- back in time soon finds enough of them.
select
    articles.id,
    articles.headline,
    substr(articles.article_date, 1, 10) as date,
    mentions.mention_count
from articles indexed by articles_date
cross join mentions on mentions.article_id = articles.id
where mentions.instrument_id = :instrument_id
    and articles.article_date >= :first_date and articles.article_date < :last_date || '~'
order by articles.article_date desc, articles.id desc
limit :limit
