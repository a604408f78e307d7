-- A page by the number in its address, with the newest of its texts.
select pages.id as page_id, max(articles.id) as id
from pages
join articles on articles.page_id = pages.id
where pages.news_id = :id
group by pages.id
