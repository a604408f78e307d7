select
    snapshots.id,
    snapshots.captured_at,
    snapshots.masthead_date,
    snapshots.reported_url,
    snapshots.article_id,
    snapshots.load_id,
    snapshots.source_id,
    snapshots.source_offset,
    articles.headline,
    articles.published_at,
    sources.location
from snapshots
join sources on sources.id = snapshots.source_id
left join articles on articles.id = snapshots.article_id
where snapshots.board_id = :id
order by snapshots.captured_at is null, snapshots.captured_at, snapshots.id
limit :limit
