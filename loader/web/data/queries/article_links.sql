-- Copies and wraps of this text, the earlier ones first, each with whether it is earlier.
select
    other_article_id as id,
    other_headline as headline,
    other_article_date as article_date,
    other_url as url,
    kind,
    cast(first_article_id = other_article_id as integer) as is_earlier,
    (select word_count from articles where articles.id = other_article_id) as word_count
from article_links
where article_id = :id
order by article_links.kind, other_article_date is null, other_article_date, other_article_id
limit :limit
