-- All quotes of the day's boards, from which their differences are computed.
with shown as (
    select boards.id
    from boards
    where boards.index_day_id = :day
    order by boards.first_captured_at desc, boards.digest desc
    limit :limit
)
select quotes.board_id, instruments.symbol, quotes.price, quotes.change, quotes.percent
from shown
join quotes on quotes.board_id = shown.id
join instruments on instruments.id = quotes.instrument_id
