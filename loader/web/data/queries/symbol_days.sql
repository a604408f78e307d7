-- First and last day of the instruments :ids (JSON) on boards, by the rules of daily_prices.sql.
select min(trading_days.date) as first_day, max(trading_days.date) as last_day
from trading_days
where exists (
    select 1 from quotes
    where quotes.board_id = case
            when :kind = 'index'
            then coalesce(trading_days.last_board_id, trading_days.index_board_id)
            else trading_days.last_board_id
        end
        and quotes.instrument_id in (select value from json_each(:ids))
)
