select
    articles.*,
    pages.url,
    pages.news_id
from articles
left join pages on pages.id = articles.page_id
where articles.id = :id
