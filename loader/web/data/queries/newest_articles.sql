select id, headline, substr(body, 1, 90) as opening, section, agency, dateline, published_at
from articles
where published_at > ''
order by published_at desc, id desc
limit :limit
