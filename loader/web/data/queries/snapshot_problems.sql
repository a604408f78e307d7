select id, kind, detail, excerpt from problems where snapshot_id = :id order by id limit 50
