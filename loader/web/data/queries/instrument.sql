select
    instruments.id,
    instruments.symbol,
    instruments.kind,
    instruments.name,
    instruments.sector,
    exists (select 1 from quotes where quotes.instrument_id = instruments.id) as has_quotes
from instruments
where instruments.symbol = :symbol
