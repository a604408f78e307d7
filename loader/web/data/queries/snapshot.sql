select
    snapshots.*,
    pages.url as page_url,
    articles.headline,
    articles.published_at,
    boards.first_captured_at as board_seen_at,
    boards.quote_count as board_quotes,
    trading_days.date as trading_day,
    sources.location,
    sources.kind as source_kind,
    loads.started_at as loaded_at,
    raw_captures.media_type,
    raw_captures.charset,
    raw_captures.size
from snapshots
join sources on sources.id = snapshots.source_id
join loads on loads.id = snapshots.load_id
left join pages on pages.id = snapshots.page_id
left join articles on articles.id = snapshots.article_id
left join boards on boards.id = snapshots.board_id
left join trading_days on trading_days.id = boards.trading_day_id
left join raw_captures on raw_captures.snapshot_id = snapshots.id
where snapshots.id = :id
