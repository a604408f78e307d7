-- As symbol_mentions.sql for an instrument that so many texts name (KSE100) that going back
-- in time soon meets enough of them.
select
    articles.id,
    articles.headline,
    substr(articles.published_at, 1, 10) as date,
    mentions.mention_count
from articles indexed by articles_published
cross join mentions on mentions.article_id = articles.id
where mentions.instrument_id = :instrument_id
    and articles.published_at >= :first_date and articles.published_at < :last_date || '~'
order by articles.published_at desc, articles.id desc
limit :limit
