select
    snapshots.id,
    snapshots.digest,
    snapshots.captured_at,
    snapshots.captured_basis,
    snapshots.masthead_date,
    snapshots.corpus_date,
    snapshots.reported_url,
    snapshots.board_id,
    sources.location,
    sources.id as source_id,
    trading_days.date as trading_day,
    boards.first_captured_at as board_seen_at,
    boards.advancer_count,
    boards.decliner_count,
    boards.unchanged_count
from snapshots
join sources on sources.id = snapshots.source_id
left join boards on boards.id = snapshots.board_id
left join trading_days on trading_days.id = boards.trading_day_id
where snapshots.article_id = :id
order by snapshots.captured_at is null, snapshots.captured_at, snapshots.id
limit :limit
