-- Delete the results of loader.archive.dating and the versions of pages, so that they are computed
-- again. Data of the user (closes, session_overrides) are kept.
delete from day_witnesses;
delete from group_links;
delete from board_indices;
delete from board_groups;
delete from stated_closes;
delete from stated_values;
delete from stated_moves;
delete from version_forms;
delete from text_versions;
update boards set trading_day_id = null, index_day_id = null, has_stale_shares = null,
    state = null, state_detail = null
where coalesce(trading_day_id, index_day_id, has_stale_shares, state) is not null;
update quotes set within_daily_limit = null where within_daily_limit is not null;
delete from trading_days;
delete from sessions;
delete from dating_state;
