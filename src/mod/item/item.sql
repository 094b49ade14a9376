-- item.sql - the item list 抽查事项清单 (regulation 二(二)). A version is a fact: only its state moves.

-- name: item_put
-- A version of an item.
-- in: code text, version i64, state text, domain text, name text, class text, track text, department text,
--     partners text?, levels text?, target_scope text?, points text?, methods text?, legal_basis text?, cap_bp i64?,
--     frequency text?, skills text?, valid_from_day i64?, valid_to_day i64?, reason text?, published_us i64?
INSERT INTO item (code, version, state, domain, name, class, track, department, partners, levels, target_scope, points,
    methods, legal_basis, cap_bp, frequency, skills, valid_from_day, valid_to_day, reason, published_us)
VALUES (:code, :version, :state, :domain, :name, :class, :track, :department, :partners, :levels, :target_scope, :points,
    :methods, :legal_basis, :cap_bp, :frequency, :skills, :valid_from_day, :valid_to_day, :reason, :published_us);

-- name: item_latest
-- The newest version, whatever its state.
-- in: code text
-- out: code text, version i64, state text, domain text, name text, class text, track text, department text,
--     partners text?, levels text?, target_scope text?, points text?, methods text?, legal_basis text?, cap_bp i64?,
--     frequency text?, skills text?, valid_from_day i64?, valid_to_day i64?, reason text?, published_us i64?
-- rows: one
SELECT code, version, state, domain, name, class, track, department, partners, levels, target_scope, points, methods,
    legal_basis, cap_bp, frequency, skills, valid_from_day, valid_to_day, reason, published_us
FROM item WHERE code = :code ORDER BY version DESC LIMIT 1;

-- name: item_current
-- The published version of an item.
-- in: code text
-- out: code text, version i64, domain text, name text, class text, department text, cap_bp i64?, skills text?
-- rows: one
SELECT code, version, domain, name, class, department, cap_bp, skills
FROM item WHERE code = :code AND state = 'published' ORDER BY version DESC LIMIT 1;

-- name: item_versions
-- All versions of an item, oldest first.
-- in: code text
-- out: version i64, state text, name text, reason text?, published_us i64?
-- rows: many
SELECT version, state, name, reason, published_us FROM item WHERE code = :code ORDER BY version;

-- name: item_move_state
-- in: code text, version i64, old text, new text, published_us i64?
-- changes: one
UPDATE item SET state = :new, published_us = COALESCE(:published_us, published_us)
WHERE code = :code AND version = :version AND state = :old;

-- name: item_list
-- Newest versions by code, keyset paging.
-- in: after text, limit i64
-- out: code text, version i64, state text, domain text, name text, class text, department text
-- rows: many
SELECT i.code, i.version, i.state, i.domain, i.name, i.class, i.department FROM item i
WHERE i.code > :after AND i.version = (SELECT max(j.version) FROM item j WHERE j.code = i.code)
ORDER BY i.code LIMIT :limit;

-- name: item_search
-- Newest versions by code and filters; drafts of other departments are nobody else's business.
-- in: after text, words text?, state text?, class text?, department text?, own text?, limit i64
-- out: code text, version i64, state text, domain text, name text, class text, track text, department text, partners text?,
--     cap_bp i64?, frequency text?, valid_to_day i64?, published_us i64?
-- rows: many
SELECT i.code, i.version, i.state, i.domain, i.name, i.class, i.track, i.department, i.partners, i.cap_bp, i.frequency,
    i.valid_to_day, i.published_us
FROM item i
WHERE i.code > :after AND i.version = (SELECT max(j.version) FROM item j WHERE j.code = i.code)
  AND (:words IS NULL OR replace(i.code || ' ' || i.name || ' ' || i.domain, :words, '') <> i.code || ' ' || i.name || ' ' || i.domain)
  AND (:state IS NULL OR i.state = :state) AND (:class IS NULL OR i.class = :class)
  AND (:department IS NULL OR i.department = :department)
  AND (:own IS NULL OR i.department = :own OR i.published_us IS NOT NULL)
ORDER BY i.code LIMIT :limit;

-- name: item_version
-- in: code text, version i64
-- out: code text, version i64, state text, domain text, name text, class text, track text, department text,
--     partners text?, levels text?, target_scope text?, points text?, methods text?, legal_basis text?, cap_bp i64?,
--     frequency text?, skills text?, valid_from_day i64?, valid_to_day i64?, reason text?, published_us i64?
-- rows: one
SELECT code, version, state, domain, name, class, track, department, partners, levels, target_scope, points, methods,
    legal_basis, cap_bp, frequency, skills, valid_from_day, valid_to_day, reason, published_us
FROM item WHERE code = :code AND version = :version;

-- name: item_withdraw
-- A draft is taken back with the import that brought it; whatever was published stays.
-- in: code text, version i64
-- changes: one
DELETE FROM item WHERE code = :code AND version = :version AND state = 'draft';
