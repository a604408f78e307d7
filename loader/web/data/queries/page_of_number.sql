-- A page by the number in its URL, with its newest text.
select pages.id as page_id, max(articles.id) as id
from pages
join articles on articles.page_id = pages.id
where pages.news_id = :id
group by pages.id
