-- The newest quote of each instrument, for archives of pages with one share each.
select
    instruments.symbol,
    instruments.name,
    quotes.price,
    quotes.change,
    quotes.percent,
    quotes.board_id,
    trading_days.date as trading_day,
    boards.last_captured_at
from instruments
join quotes
    on quotes.instrument_id = instruments.id
    and quotes.board_id = (
        select boards.id
        from quotes
        join boards on boards.id = quotes.board_id
        where quotes.instrument_id = instruments.id
        order by boards.trading_day_id desc, boards.last_captured_at desc, boards.digest desc
        limit 1
    )
join boards on boards.id = quotes.board_id
left join trading_days on trading_days.id = boards.trading_day_id
order by instruments.symbol
limit :limit
