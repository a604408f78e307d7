-- The newest text of a page.
select
    articles.id,
    coalesce(articles.headline, substr(articles.body, 1, 80) || '…') as title
from pages
join articles on articles.page_id = pages.id
where pages.url = :url or pages.news_id = :number
order by coalesce(articles.updated_at, articles.published_at) desc, articles.id desc
limit 1
