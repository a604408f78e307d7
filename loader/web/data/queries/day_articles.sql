select id, headline, substr(body, 1, 90) as opening, section, agency, dateline, published_at
from articles
where published_at >= :date and published_at < :date || '~'
order by published_at, id
limit :limit
