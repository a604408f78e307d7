-- All instruments with their former symbols, and whether they are on any board.
select
    instruments.symbol,
    instruments.kind,
    instruments.name,
    instruments.sector,
    exists (select 1 from quotes where quotes.instrument_id = instruments.id) as has_quotes,
    (
        select group_concat(old.symbol, ' ')
        from instrument_events
        join instruments as old on old.id = instrument_events.instrument_id
        where instrument_events.new_instrument_id = instruments.id
    ) as former_symbols
from instruments
