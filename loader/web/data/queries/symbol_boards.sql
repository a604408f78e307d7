-- The boards with a symbol, oldest first: :limit of them after the board identified by :day, :seen
-- and :id. /* filters */ selects boards with a day, or those without one.
select boards.trading_day_id, quote_history.*
from boards
cross join quote_history on quote_history.board_id = boards.id
    and quote_history.instrument_id in (select value from json_each(:instrument_ids))
where 1 /* filters */
    and (
        boards.trading_day_id > :day
        or (:seen is null and boards.first_captured_at is not null)
        or boards.first_captured_at > :seen
        or (
            boards.first_captured_at is :seen
            and (boards.id, quote_history.instrument_id) > (:id, :instrument_id)
        )
    )
order by boards.trading_day_id, boards.first_captured_at, boards.id, quote_history.instrument_id
limit :limit
