-- The latest capture with a known time of a board.
select id, captured_at
from snapshots
where board_id = :board_id and captured_at is not null
order by captured_at desc, id desc
limit 1
