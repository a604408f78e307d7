-- Instruments on at least one board.
select symbol, name, kind, sector
from instruments
where exists (select 1 from quotes where quotes.instrument_id = instruments.id)
order by symbol
