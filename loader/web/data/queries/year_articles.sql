select substr(published_at, 1, 10) as date, count(*) as articles
from articles
where published_at >= :first_date and published_at < :end_date
group by 1
