select boards.*, trading_days.date as trading_day
from boards
left join trading_days on trading_days.id = boards.trading_day_id
where boards.id = :id
