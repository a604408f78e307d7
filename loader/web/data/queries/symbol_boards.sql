-- The boards that show a symbol, oldest first, :limit of them after the board that :day,
-- :seen and :id name. /* filters */ chooses boards of known days or those without one.
select
    boards.trading_day_id,
    quotes.instrument_id,
    instruments.symbol,
    trading_days.date as trading_day,
    boards.first_captured_at,
    boards.last_captured_at,
    quotes.price,
    quotes.change,
    quotes.percent,
    quotes.previous_price,
    quotes.percent_ok,
    quotes.sign_ok,
    quotes.within_daily_limit,
    quotes.board_id
from boards
cross join quotes on quotes.board_id = boards.id
    and quotes.instrument_id in (select value from json_each(:instrument_ids))
join instruments on instruments.id = quotes.instrument_id
left join trading_days on trading_days.id = boards.trading_day_id
where 1 /* filters */
    and (
        boards.trading_day_id > :day
        or (:seen is null and boards.first_captured_at is not null)
        or boards.first_captured_at > :seen
        or (
            boards.first_captured_at is :seen
            and (boards.id, quotes.instrument_id) > (:id, :instrument_id)
        )
    )
order by boards.trading_day_id, boards.first_captured_at, boards.id, quotes.instrument_id
limit :limit
