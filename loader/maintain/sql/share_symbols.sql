-- Keep only quotes of the symbols in temp.wanted, boards with one, and articles that mention one.
-- The days of boards stay, but not their evidence, which consists of other lines.
delete from day_witnesses;
delete from group_links;
delete from board_indices;
delete from board_groups;
delete from stated_closes;
delete from stated_values;
delete from stated_moves;
delete from version_forms;
delete from text_versions;
delete from problems where board_id is not null;
delete from quotes where instrument_id not in (select id from temp.wanted);
update snapshots set board_id = null where board_id not in (select board_id from quotes);
update snapshots set article_id = null, claim_id = null
where article_id not in (
    select article_id from mentions where instrument_id in (select id from temp.wanted)
);
delete from revisits where target_page_id is null or target_page_id not in (
    select page_id from snapshots
    where page_id is not null and (board_id is not null or article_id is not null)
);
insert into temp.gone
select id, article_id from snapshots where board_id is null and article_id is null;
delete from mentions where instrument_id not in (select id from temp.wanted);
delete from mention_spans where instrument_id not in (select id from temp.wanted);
update trading_days set
    last_board_id = (
        select id from boards
        where trading_day_id = trading_days.id and id in (select board_id from quotes)
        order by last_captured_at desc, digest desc limit 1
    ),
    index_board_id = (
        select id from boards
        where index_day_id = trading_days.id and id in (select board_id from quotes)
        order by last_captured_at desc, digest desc limit 1
    );
