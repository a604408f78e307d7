-- Moves of a share around some sessions: rows like those of article_reactions (a test compares
-- them), but a session near several events is looked up only once.
with recursive chain (first_session, session_offset, session) as (
    select value, 0, value from json_each(:sessions)
    union all
    select
        first_session, session_offset + 1,
        (select min(date) from sessions where date > chain.session)
    from chain
    where session_offset < 5
),
placed as materialized (
    select first_session, session_offset, session from chain
    union all
    select value, -1, (select max(date) from sessions where date < value)
    from json_each(:sessions)
),
wanted as materialized (select distinct session from placed where session is not null),
seen as (
    select
        wanted.session,
        own.price_hundredths as last_seen,
        own.price_hundredths - own.change_hundredths as base,
        later.price_hundredths - later.change_hundredths as next_base,
        kse100.price_hundredths as index_seen,
        kse100.price_hundredths - kse100.change_hundredths as index_base,
        later_kse100.price_hundredths - later_kse100.change_hundredths as index_next_base
    from wanted
    join instruments as indices on indices.symbol = 'KSE100'
    join trading_days as days on days.date = wanted.session
    left join trading_days as next_days
        on next_days.date = (select min(date) from sessions where date > wanted.session)
    left join quotes as own
        on own.board_id = days.last_board_id and own.instrument_id = :instrument_id
    left join quotes as later
        on later.board_id = next_days.last_board_id and later.instrument_id = :instrument_id
    left join quotes as kse100
        on kse100.board_id = coalesce(days.last_board_id, days.index_board_id)
        and kse100.instrument_id = indices.id
    left join quotes as later_kse100
        on later_kse100.board_id = coalesce(next_days.last_board_id, next_days.index_board_id)
        and later_kse100.instrument_id = indices.id
),
settled as materialized (
    select
        session,
        case
            when last_seen is null or next_base is null then last_seen
            when abs(next_base - last_seen) * 100 > last_seen
                and abs(index_seen - index_next_base) <= 50 + 5 then last_seen
            else next_base
        end * 1.0 / base - 1 as session_return,
        case when index_next_base is null or abs(index_seen - index_next_base) <= 50 + 5
            then index_seen else index_next_base end * 1.0 / index_base - 1 as kse100_return
    from seen
)
select
    placed.first_session, placed.session_offset, placed.session,
    settled.session_return, settled.kse100_return
from placed
left join settled on settled.session = placed.session
order by placed.first_session, placed.session_offset
