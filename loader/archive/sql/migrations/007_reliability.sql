-- What `loader share` left out of a copy, and when; empty in an archive that was loaded here.
create table provenance (
    id integer primary key,
    made_at text not null,
    loader_version text not null,
    left_out text not null,
    snapshots integer not null,
    boards integer not null,
    quotes integer not null,
    articles integer not null
) strict;

-- A second copy of what no digest covers and no raw capture can give back, so that
-- `verify` sees when one of the two is damaged.
drop index snapshots_source;
create index snapshots_place on snapshots (source_id, source_offset);
create index snapshots_url on snapshots (url, captured_basis);
create index sources_kind on sources (kind);
create index raw_captures_charset on raw_captures (charset) where charset is not null;
create index closes_date on closes (date, symbol, close, source);
create index session_changes_open on session_changes (is_open, date, source);
