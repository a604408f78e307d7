-- Every snapshot with what is kept of its capture, those of one article together, so that
-- an article can be compared with all its captures at once.
select
    snapshots.id,
    snapshots.digest,
    snapshots.load_id,
    loads.loader_version,
    snapshots.article_id,
    snapshots.board_id,
    pages.url as page,
    boards.digest as board,
    articles.digest as article,
    snapshots.claim_id,
    snapshots.captured_at,
    snapshots.captured_basis,
    snapshots.masthead_date,
    snapshots.corpus_date,
    snapshots.layout,
    snapshots.url,
    sources.location,
    snapshots.source_offset,
    raw_captures.media_type,
    raw_captures.charset,
    raw_captures.size,
    raw_captures.dictionary_id,
    raw_captures.data
from snapshots
left join sources on sources.id = snapshots.source_id
left join loads on loads.id = snapshots.load_id
left join pages on pages.id = snapshots.page_id
left join boards on boards.id = snapshots.board_id
left join articles on articles.id = snapshots.article_id
left join raw_captures on raw_captures.snapshot_id = snapshots.id
