-- What the snapshots that are left say of boards, and the loads that they need.
update boards set
    first_captured_at = (select min(captured_at) from snapshots where board_id = boards.id),
    last_captured_at = (select max(captured_at) from snapshots where board_id = boards.id);
delete from loads
where id not in (select load_id from snapshots)
    and id not in (select load_id from problems where load_id is not null)
    and id not in (select load_id from revisits where load_id is not null);
