-- The quote on the latest board of each day: the rows of the view daily_prices, and for indices
-- also days of which only the indices are known. Capture times are read only for the boards shown
-- (boards_seen.sql), since there may be 2,600 days.
select
    trading_days.date,
    :symbol as symbol,
    quotes.price,
    quotes.change,
    quotes.percent,
    quotes.previous_price,
    quotes.direction,
    quotes.percent_ok,
    quotes.sign_ok,
    quotes.within_daily_limit,
    quotes.board_id,
    trading_days.previous_date,
    trading_days.sessions_since_previous,
    trading_days.last_board_id is null as is_index_only
from trading_days
join quotes
    on quotes.board_id = case
        when :kind = 'index' then coalesce(trading_days.last_board_id, trading_days.index_board_id)
        else trading_days.last_board_id
    end
    and quotes.instrument_id = :instrument_id
where trading_days.id between :first_day and :last_day
order by trading_days.id
