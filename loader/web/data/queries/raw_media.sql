select snapshots.id, snapshots.digest, raw_captures.media_type, raw_captures.charset
from raw_captures
join snapshots on snapshots.id = raw_captures.snapshot_id
where snapshots.id = :id
