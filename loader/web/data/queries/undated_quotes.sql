-- Quotes of instruments :ids (JSON) on boards without a day, the newest :limit. The boards are
-- walked by time: an instrument may have more quotes than there are boards without a day.
select
    quotes.board_id,
    instruments.symbol,
    boards.first_captured_at,
    boards.last_captured_at,
    quotes.price,
    quotes.change,
    quotes.percent,
    quotes.previous_price,
    quotes.percent_ok,
    quotes.sign_ok
from boards
cross join quotes on quotes.board_id = boards.id
    and quotes.instrument_id in (select value from json_each(:ids))
join instruments on instruments.id = quotes.instrument_id
where boards.trading_day_id is null
order by boards.first_captured_at desc, boards.id desc
limit :limit
