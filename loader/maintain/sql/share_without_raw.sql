delete from raw_captures;
delete from raw_dictionaries;
