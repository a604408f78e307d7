-- The newest :limit quotes of instruments :ids (JSON) on boards without a day. Boards are scanned by
-- time, since an instrument may have more quotes than there are boards without a day.
select quote_history.*
from boards
cross join quote_history on quote_history.board_id = boards.id
    and quote_history.instrument_id in (select value from json_each(:ids))
where boards.trading_day_id is null
order by boards.first_captured_at desc, boards.id desc
limit :limit
