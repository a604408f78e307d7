-- A teaser links to the newest text of its page, otherwise to the only text with that headline.
select
    teasers.position,
    teasers.headline,
    pages.url,
    coalesce(
        (select max(articles.id) from articles where articles.page_id = teasers.page_id),
        (
            select min(articles.id) from articles
            where articles.headline = teasers.headline
            having count(*) = 1
        )
    ) as target_id
from teasers
left join pages on pages.id = teasers.page_id
where teasers.article_id = :id
order by teasers.position, teasers.id
