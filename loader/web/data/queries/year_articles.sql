select substr(article_date, 1, 10) as date, count(*) as articles
from articles
where article_date >= :first_date and article_date < :end_date
group by 1
