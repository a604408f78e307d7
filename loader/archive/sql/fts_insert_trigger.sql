create trigger articles_fts_insert after insert on articles begin
    insert into articles_fts (rowid, headline, body, summary, dateline, byline)
    values (new.id, new.headline, new.body, new.summary, new.dateline, new.byline);
end;
