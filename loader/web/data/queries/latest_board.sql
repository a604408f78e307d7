-- The same board as the view latest_board, with what names it and the capture it comes from.
select
    boards.id as board_id,
    boards.digest,
    boards.first_captured_at,
    boards.advancers,
    boards.decliners,
    boards.unchanged,
    trading_days.date as trading_day,
    (
        select snapshots.id from snapshots
        where snapshots.board_id = boards.id
        order by snapshots.captured_at is null, snapshots.captured_at, snapshots.id
        limit 1
    ) as snapshot_id
from boards
left join trading_days on trading_days.id = boards.trading_day_id
where not boards.is_one_line
order by boards.trading_day_id desc, boards.first_captured_at desc, boards.digest desc
limit 1
