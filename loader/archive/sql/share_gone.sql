-- Snapshots named in temp.gone, with all that only they needed. Rows of tables that dating
-- fills are gone already.
delete from covid_counters where snapshot_id in (select id from temp.gone);
delete from listings where snapshot_id in (select id from temp.gone);
delete from problems where snapshot_id in (select id from temp.gone);
delete from raw_captures where snapshot_id in (select id from temp.gone);
delete from snapshots where id in (select id from temp.gone);
delete from quotes where board_id not in (select board_id from snapshots where board_id is not null);
delete from boards where id not in (select board_id from snapshots where board_id is not null);
delete from mentions where article_id not in (select article_id from snapshots where article_id is not null);
delete from article_tags where article_id not in (select article_id from snapshots where article_id is not null);
delete from teasers where article_id not in (select article_id from snapshots where article_id is not null);
delete from article_claims where id not in (select claim_id from snapshots where claim_id is not null);
delete from problems where article_id not in (select article_id from snapshots where article_id is not null);
delete from articles where id not in (select article_id from snapshots where article_id is not null);
delete from tags where id not in (select tag_id from article_tags);
delete from pages
where id not in (select page_id from snapshots where page_id is not null)
    and id not in (select page_id from articles where page_id is not null)
    and id not in (select page_id from teasers where page_id is not null)
    and id not in (select page_id from listings where page_id is not null)
    and id not in (select page_id from revisits where page_id is not null)
    and id not in (select target_page_id from revisits where target_page_id is not null);
delete from instruments
where name is null
    and id not in (select instrument_id from quotes)
    and id not in (select instrument_id from mentions)
    and id not in (select instrument_id from instrument_events)
    and id not in (select new_instrument_id from instrument_events where new_instrument_id is not null);
delete from sources
where id not in (select source_id from snapshots)
    and id not in (select source_id from problems where source_id is not null)
    and id not in (select source_id from revisits);
delete from raw_dictionaries
where id not in (select dictionary_id from raw_captures where dictionary_id is not null);
update boards set
    first_captured_at = (select min(captured_at) from snapshots where board_id = boards.id),
    last_captured_at = (select max(captured_at) from snapshots where board_id = boards.id);
delete from loads
where id not in (select load_id from snapshots)
    and id not in (select load_id from problems where load_id is not null)
    and id not in (select load_id from revisits where load_id is not null);
