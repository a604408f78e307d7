-- Snapshots named in temp.gone with the rows of their own; orphans.sql takes what only they
-- needed. Rows of tables that dating fills are gone already.
delete from covid_counters where snapshot_id in (select id from temp.gone);
delete from listings where snapshot_id in (select id from temp.gone);
delete from problems where snapshot_id in (select id from temp.gone);
delete from raw_captures where snapshot_id in (select id from temp.gone);
delete from snapshots where id in (select id from temp.gone);
-- Captures that were refused: of no known time, and of no symbol.
delete from problems where snapshot_id is null and article_id is null;
