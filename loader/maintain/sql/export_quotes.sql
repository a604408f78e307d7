-- One row per line of a board. The year is that of the trading day, or of the first capture if the
-- day is unknown.
select
    substr(coalesce(trading_days.date, boards.first_captured_at), 1, 4) as year,
    boards.digest as board,
    instruments.symbol,
    instruments.name,
    instruments.kind,
    trading_days.date as trading_day,
    trading_days.basis as day_basis,
    boards.first_captured_at,
    boards.last_captured_at,
    quotes.position,
    quotes.direction,
    quotes.price,
    quotes.change,
    quotes.percent,
    quotes.previous_price,
    quotes.percent_ok,
    quotes.within_daily_limit
from boards
left join trading_days on trading_days.id = boards.trading_day_id
join quotes on quotes.board_id = boards.id
join instruments on instruments.id = quotes.instrument_id
order by year, coalesce(trading_days.date, boards.first_captured_at), boards.digest, position
