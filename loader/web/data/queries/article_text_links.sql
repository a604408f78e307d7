-- Links within sentences, each with the newest text of its page.
select
    text_links.words,
    pages.url,
    (select max(articles.id) from articles where articles.page_id = pages.id) as target_id
from text_links
join pages on pages.id = text_links.page_id
where text_links.article_id = :id
order by text_links.words, pages.url
limit :limit
