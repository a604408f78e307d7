-- Data for citing a value: the day of its board, the board and its earliest capture.
select
    boards.id as board_id,
    boards.digest,
    days.date as trading_day,
    days.basis,
    snapshots.id as snapshot_id,
    snapshots.digest as capture_digest,
    snapshots.captured_at,
    coalesce(pages.url, snapshots.reported_url) as url
from boards
left join trading_days as days on days.id = coalesce(boards.trading_day_id, boards.index_day_id)
left join snapshots on snapshots.id = (
    select id from snapshots
    where board_id = boards.id
    order by captured_at is null, captured_at, id
    limit 1
)
left join pages on pages.id = snapshots.page_id
where boards.id = :board_id
