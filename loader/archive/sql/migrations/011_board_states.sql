-- Fill the tables recreated by 011 from the old ones (old_<name>). States of boards are set by the
-- next dating, except those that follow from older columns.

insert into boards (
    id, digest, trading_day_id, index_day_id, first_captured_at, last_captured_at, quote_count,
    advancer_count, decliner_count, unchanged_count, is_pre_open, is_single_quote,
    has_stale_shares, state
)
select
    id, digest, trading_day_id, index_day_id, first_captured_at, last_captured_at, quote_count,
    advancer_count, decliner_count, unchanged_count, is_pre_open, is_single_quote,
    has_stale_shares,
    case
        when is_pre_open then 'pre-open'
        when has_stale_shares then 'stale shares'
        when trading_day_id is not null then 'whole'
    end
from old_boards;

insert into sessions (date, opens_at, settled_at, source)
select date, opens_at, settled_at, source from old_sessions;

insert into stated_closes (
    article_id, span_start, span_end, symbol, date_from, date_to, value_hundredths
)
select article_id, span_start, span_end, symbol, date_from, date_to, value_hundredths
from old_stated_closes;

insert into board_indices (
    board_id, group_id, kse100_hundredths, kse30_hundredths, br100_hundredths, br30_hundredths,
    kse100_base_hundredths, kse30_base_hundredths, br100_base_hundredths, br30_base_hundredths,
    share_prices_hash, share_bases_hash
)
select
    board_id, group_id, kse100_hundredths, kse30_hundredths, br100_hundredths, br30_hundredths,
    kse100_base_hundredths, kse30_base_hundredths, br100_base_hundredths, br30_base_hundredths,
    share_prices_hash, share_bases_hash
from old_board_indices;

insert into day_witnesses select * from old_day_witnesses;

-- The next load dates everything again, except in copies by `loader share`, which may lack evidence.
delete from dating_state where not exists (select 1 from provenance);
