-- Snapshots of the attached `source` that may add to `main`: new ones, and those with another
-- place, or with a raw capture or a problem that `main` lacks.
select theirs.id
from source.snapshots as theirs
join source.sources as their_sources on their_sources.id = theirs.source_id
left join main.snapshots as ours on ours.digest = theirs.digest
left join main.sources as our_sources on our_sources.id = ours.source_id
where ours.id is null
    or (
        their_sources.location, theirs.source_offset, theirs.captured_basis, theirs.reported_url
    ) is not (our_sources.location, ours.source_offset, ours.captured_basis, ours.reported_url)
    or (
        exists (select 1 from source.raw_captures where snapshot_id = theirs.id)
        and not exists (select 1 from main.raw_captures where snapshot_id = ours.id)
    )
    or exists (
        select 1 from source.problems
        where problems.snapshot_id = theirs.id
            and not exists (
                select 1 from main.problems as known where known.digest = problems.digest
            )
    )
-- In the order of insertion, so that those of one batch are adjacent.
order by
    theirs.load_id,
    (select dictionary_id from source.raw_captures where snapshot_id = theirs.id),
    theirs.id
