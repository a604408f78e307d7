select id, headline, substr(body, 1, 90) as opening, section, agency, dateline,
    article_date, article_date_basis
from articles
where article_date >= :date and article_date < :date || '~'
order by article_date, id
limit :limit
