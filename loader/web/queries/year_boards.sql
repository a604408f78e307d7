select trading_days.date, count(*) as boards
from boards
join trading_days on trading_days.id = boards.trading_day_id
where boards.trading_day_id between :first_day and :last_day
group by boards.trading_day_id
