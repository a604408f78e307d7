-- The board of the view latest_board, with its digest and its capture.
select
    boards.id as board_id,
    boards.digest,
    boards.first_captured_at,
    boards.last_captured_at,
    boards.advancer_count,
    boards.decliner_count,
    boards.unchanged_count,
    trading_days.date as trading_day,
    (
        select max(masthead_date) from snapshots where snapshots.board_id = boards.id
    ) as masthead_date,
    (
        select snapshots.id from snapshots
        where snapshots.board_id = boards.id
        order by snapshots.captured_at is null, snapshots.captured_at, snapshots.id
        limit 1
    ) as snapshot_id
from boards
left join trading_days on trading_days.id = boards.trading_day_id
where boards.id = (select board_id from latest_board limit 1)
