-- Copy the rows to a table with row ids.
insert into read_sources
    (location, size, modified_at, etag, digest, options, parser_version)
select location, size, modified_at, etag, digest, options, parser_version
from old_read_sources;
drop table old_read_sources;
