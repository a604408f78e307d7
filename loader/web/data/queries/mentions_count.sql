select count(*) as found
from (select 1 from mentions where instrument_id = :instrument_id limit :cap)
