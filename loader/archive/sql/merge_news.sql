-- Whether the attached `source` holds anything that `main` does not; reads only.
select
    exists (
        select 1 from source.snapshots as theirs
        left join main.snapshots as ours on ours.digest = theirs.digest
        where ours.id is null
    )
    or exists (
        select 1 from source.problems as theirs
        left join main.problems as ours on ours.digest = theirs.digest
        where ours.id is null and theirs.article_id is null
            and coalesce(theirs.source_id, theirs.snapshot_id) is not null
    )
    or exists (
        select 1 from source.snapshots as theirs
        join main.snapshots as ours on ours.digest = theirs.digest
        join source.sources as their_sources on their_sources.id = theirs.source_id
        join main.sources as our_sources on our_sources.id = ours.source_id
        where
            (their_sources.location, coalesce(theirs.source_offset, -1),
                coalesce(theirs.captured_basis, ''), coalesce(theirs.url, ''))
            < (our_sources.location, coalesce(ours.source_offset, -1),
                coalesce(ours.captured_basis, ''), coalesce(ours.url, ''))
    )
    or exists (
        select 1 from source.raw_captures as theirs
        join source.snapshots as their_snapshots on their_snapshots.id = theirs.snapshot_id
        join main.snapshots as ours on ours.digest = their_snapshots.digest
        where not exists (select 1 from main.raw_captures where snapshot_id = ours.id)
    )
    or exists (
        select 1 from source.revisits as theirs
        left join main.revisits as ours on ours.digest = theirs.digest
        where ours.id is null
    )
    or exists (
        select 1 from source.sources as theirs
        join main.sources as ours on ours.location = theirs.location
        where (theirs.kind = 'unknown', theirs.kind) < (ours.kind = 'unknown', ours.kind)
    )
    or exists (
        select symbol, date, close from source.closes
        except
        select symbol, date, close from main.closes
    )
    or exists (
        select date, is_open from source.session_changes
        except
        select date, is_open from main.session_changes
    );
