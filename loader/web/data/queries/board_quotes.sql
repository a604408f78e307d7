select
    quotes.position,
    instruments.symbol,
    instruments.name,
    instruments.kind,
    instruments.sector,
    quotes.price,
    quotes.change,
    quotes.percent,
    quotes.direction,
    quotes.previous_price,
    quotes.percent_ok,
    quotes.percent_error,
    quotes.sign_ok,
    quotes.within_daily_limit
from quotes
join instruments on instruments.id = quotes.instrument_id
where quotes.board_id = :board_id
order by quotes.position
