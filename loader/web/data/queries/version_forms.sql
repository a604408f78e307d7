-- Texts of a page that differ from a version of it by extraction alone.
select article_id as id, version from version_forms where page_id = :page_id limit 1000
