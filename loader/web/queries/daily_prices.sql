-- Of each day the quote of the board first seen last among those that show the instrument.
with days as (
    select
        trading_days.date,
        (
            select boards.id from boards
            where boards.trading_day_id = trading_days.id
                and exists (
                    select 1 from quotes
                    where quotes.board_id = boards.id
                        and quotes.instrument_id = :instrument_id
                )
            order by boards.first_captured_at desc, boards.digest desc
            limit 1
        ) as board_id
    from trading_days
    where trading_days.id between :first_day and :last_day
)
select
    days.date,
    quotes.price,
    quotes.change,
    quotes.percent,
    quotes.previous_price,
    quotes.direction,
    quotes.percent_ok,
    quotes.sign_ok,
    quotes.limit_ok,
    boards.first_captured_at as seen_at,
    boards.id as board_id
from days
join quotes on quotes.board_id = days.board_id and quotes.instrument_id = :instrument_id
join boards on boards.id = days.board_id
order by days.date
