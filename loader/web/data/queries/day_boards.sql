-- Boards whose indices are of the day; trading_day_id is empty if their shares are not.
select
    boards.id,
    boards.trading_day_id,
    boards.first_captured_at,
    boards.last_captured_at,
    boards.quote_count,
    boards.advancer_count,
    boards.decliner_count,
    boards.unchanged_count,
    boards.is_single_quote,
    boards.state,
    boards.state_detail,
    (
        select snapshots.id from snapshots
        where snapshots.board_id = boards.id
        order by snapshots.captured_at is null, snapshots.captured_at, snapshots.id
        limit 1
    ) as snapshot_id
from boards
where boards.index_day_id = :day
order by boards.first_captured_at desc, boards.digest desc
limit :limit
