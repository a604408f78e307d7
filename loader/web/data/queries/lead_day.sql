-- The first day with a board or an article in a span of days, and the number of such days.
select min(date) as first, count(*) as days
from (
    select date from trading_days where id between :first and :last
    union
    select substr(published_at, 1, 10)
    from articles
    where published_at >= :first_date and published_at < :last_date || '~'
)
