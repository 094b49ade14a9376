-- item.sql - the item list 抽查事项清单 (regulation 二(二)). A version is a fact: only its state moves.

-- name: item_put
-- A version of an item.
-- in: code text, version i64, state text, domain text, name text, class text, track text, department text,
--     partners text?, levels text?, target_scope text?, points text?, methods text?, legal_basis text?, cap_bp i64?,
--     frequency text?, skills text?, valid_from_day i64?, valid_to_day i64?, reason text?, published_us i64?,
--     target_tags text?, expert_needed i64?
INSERT INTO item (code, version, state, domain, name, class, track, department, partners, levels, target_scope, points,
    methods, legal_basis, cap_bp, frequency, skills, valid_from_day, valid_to_day, reason, published_us, target_tags, expert_needed)
VALUES (:code, :version, :state, :domain, :name, :class, :track, :department, :partners, :levels, :target_scope, :points,
    :methods, :legal_basis, :cap_bp, :frequency, :skills, :valid_from_day, :valid_to_day, :reason, :published_us,
    :target_tags, :expert_needed);

-- name: item_latest
-- The newest version, whatever its state.
-- in: code text
-- out: code text, version i64, state text, domain text, name text, class text, track text, department text,
--     partners text?, levels text?, target_scope text?, points text?, methods text?, legal_basis text?, cap_bp i64?,
--     frequency text?, skills text?, valid_from_day i64?, valid_to_day i64?, reason text?, published_us i64?,
--     target_tags text?, expert_needed i64?
-- rows: one
SELECT code, version, state, domain, name, class, track, department, partners, levels, target_scope, points, methods,
    legal_basis, cap_bp, frequency, skills, valid_from_day, valid_to_day, reason, published_us, target_tags, expert_needed
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
-- By code and filters, the newest version that may be seen: of other departments the newest that was published.
-- in: after text, words text?, state text?, class text?, department text?, own text?, limit i64
-- out: code text, version i64, state text, domain text, name text, class text, track text, department text, partners text?,
--     cap_bp i64?, frequency text?, valid_to_day i64?, published_us i64?, in_force i64?
-- rows: many
SELECT i.code, i.version, i.state, i.domain, i.name, i.class, i.track, i.department, i.partners, i.cap_bp, i.frequency,
    i.valid_to_day, i.published_us,
    (SELECT max(k.version) FROM item k WHERE k.code = i.code AND k.state = 'published') AS in_force
FROM item i
WHERE i.code > :after AND i.version = (SELECT max(j.version) FROM item j WHERE j.code = i.code
    AND (:own IS NULL OR j.department = :own OR j.published_us IS NOT NULL))
  AND (:words IS NULL OR replace(i.code || ' ' || i.name || ' ' || i.domain, :words, '') <> i.code || ' ' || i.name || ' ' || i.domain)
  AND (:state IS NULL OR i.state = :state) AND (:class IS NULL OR i.class = :class)
  AND (:department IS NULL OR i.department = :department)
ORDER BY i.code LIMIT :limit;

-- name: item_scan
-- What a summary is made of: of every item the newest version that may be seen, or the newest in this state.
-- in: own text?, state text?
-- out: code text, version i64, state text, name text, class text, department text, cap_bp i64?, legal_basis text?
-- rows: many
SELECT i.code, i.version, i.state, i.name, i.class, i.department, i.cap_bp, i.legal_basis
FROM item i
WHERE i.version = (SELECT max(j.version) FROM item j WHERE j.code = i.code
    AND (:own IS NULL OR j.department = :own OR j.published_us IS NOT NULL) AND (:state IS NULL OR j.state = :state))
ORDER BY i.code;

-- name: item_of_name
-- The items of a department with this name, newest versions, for a list without codes.
-- in: department text, name text
-- out: code text
-- rows: many
SELECT i.code FROM item i
WHERE i.department = :department AND i.name = :name AND i.state <> 'retired'
  AND i.version = (SELECT max(j.version) FROM item j WHERE j.code = i.code)
ORDER BY i.code LIMIT 2;

-- name: item_in_force
-- All that is in force, in the order of the published list.
-- in: department text?
-- out: code text, version i64, domain text, name text, class text, department text, target_scope text?, methods text?,
--     legal_basis text?
-- rows: many
SELECT code, version, domain, name, class, department, target_scope, methods, legal_basis
FROM item WHERE state = 'published' AND (:department IS NULL OR department = :department) ORDER BY code, version;

-- name: item_retire_others
-- The version in force until now gives way to the one that is published.
-- in: code text, version i64
UPDATE item SET state = 'retired' WHERE code = :code AND version <> :version AND state IN ('published', 'suspended');

-- name: item_retire_pending
-- With the item go the drafts that would have followed it.
-- in: code text, version i64
UPDATE item SET state = 'retired' WHERE code = :code AND version > :version AND state IN ('draft', 'legal_review');

-- name: item_version
-- in: code text, version i64
-- out: code text, version i64, state text, domain text, name text, class text, track text, department text,
--     partners text?, levels text?, target_scope text?, points text?, methods text?, legal_basis text?, cap_bp i64?,
--     frequency text?, skills text?, valid_from_day i64?, valid_to_day i64?, reason text?, published_us i64?,
--     target_tags text?, expert_needed i64?
-- rows: one
SELECT code, version, state, domain, name, class, track, department, partners, levels, target_scope, points, methods,
    legal_basis, cap_bp, frequency, skills, valid_from_day, valid_to_day, reason, published_us, target_tags, expert_needed
FROM item WHERE code = :code AND version = :version;

-- name: item_withdraw
-- A draft is taken back with the import that brought it; whatever was published stays.
-- in: code text, version i64
-- changes: one
DELETE FROM item WHERE code = :code AND version = :version AND state = 'draft';

-- name: item_joint_withdraw
-- The same for a joint item.
-- in: code text, version i64
-- changes: one
DELETE FROM joint_item WHERE code = :code AND version = :version AND state = 'draft';

-- name: item_review_put
-- in: list text, code text, version i64, seq i64, from_state text, to_state text, actor text, opinion text?, moved_us i64
INSERT INTO item_review (list, code, version, seq, from_state, to_state, actor, opinion, moved_us)
VALUES (:list, :code, :version, :seq, :from_state, :to_state, :actor, :opinion, :moved_us);

-- name: item_review_list
-- Every step of every version, oldest first.
-- in: list text, code text
-- out: version i64, seq i64, from_state text, to_state text, actor text, opinion text?, moved_us i64
-- rows: many
SELECT version, seq, from_state, to_state, actor, opinion, moved_us
FROM item_review WHERE list = :list AND code = :code ORDER BY version, seq;

-- name: item_review_last
-- The latest step of a version.
-- in: list text, code text, version i64
-- out: seq i64, to_state text, actor text
-- rows: one
SELECT seq, to_state, actor FROM item_review WHERE list = :list AND code = :code AND version = :version
ORDER BY seq DESC LIMIT 1;

-- name: item_joint_put
-- A version of a joint item, bundle or rules.
-- in: code text, version i64, state text, kind text, domain text, name text, target_scope text?, lead text, partners text?,
--     levels text?, items text?, body text?, reason text?, published_us i64?
INSERT INTO joint_item (code, version, state, kind, domain, name, target_scope, lead, partners, levels, items, body, reason,
    published_us)
VALUES (:code, :version, :state, :kind, :domain, :name, :target_scope, :lead, :partners, :levels, :items, :body, :reason,
    :published_us);

-- name: item_joint_latest
-- The newest version, whatever its state.
-- in: code text
-- out: code text, version i64, state text, kind text, domain text, name text, target_scope text?, lead text, partners text?,
--     levels text?, items text?, body text?, reason text?, published_us i64?
-- rows: one
SELECT code, version, state, kind, domain, name, target_scope, lead, partners, levels, items, body, reason, published_us
FROM joint_item WHERE code = :code ORDER BY version DESC LIMIT 1;

-- name: item_joint_version
-- in: code text, version i64
-- out: code text, version i64, state text, kind text, domain text, name text, target_scope text?, lead text, partners text?,
--     levels text?, items text?, body text?, reason text?, published_us i64?
-- rows: one
SELECT code, version, state, kind, domain, name, target_scope, lead, partners, levels, items, body, reason, published_us
FROM joint_item WHERE code = :code AND version = :version;

-- name: item_joint_current
-- The published version.
-- in: code text
-- out: version i64, kind text, name text, lead text, items text?
-- rows: one
SELECT version, kind, name, lead, items FROM joint_item WHERE code = :code AND state = 'published' ORDER BY version DESC LIMIT 1;

-- name: item_joint_versions
-- All versions, oldest first.
-- in: code text
-- out: version i64, state text, name text, lead text, reason text?, published_us i64?
-- rows: many
SELECT version, state, name, lead, reason, published_us FROM joint_item WHERE code = :code ORDER BY version;

-- name: item_joint_search
-- By code and filters, the newest version that may be seen (as item_search).
-- in: after text, words text?, state text?, kind text?, department text?, own text?, limit i64
-- out: code text, version i64, state text, kind text, domain text, name text, target_scope text?, lead text, partners text?,
--     levels text?, items text?, published_us i64?
-- rows: many
SELECT i.code, i.version, i.state, i.kind, i.domain, i.name, i.target_scope, i.lead, i.partners, i.levels, i.items,
    i.published_us
FROM joint_item i
WHERE i.code > :after AND i.version = (SELECT max(j.version) FROM joint_item j WHERE j.code = i.code
    AND (:own IS NULL OR j.lead = :own OR j.published_us IS NOT NULL))
  AND (:words IS NULL OR replace(i.code || ' ' || i.name || ' ' || i.domain, :words, '') <> i.code || ' ' || i.name || ' ' || i.domain)
  AND (:state IS NULL OR i.state = :state) AND (:kind IS NULL OR i.kind = :kind)
  AND (:department IS NULL OR i.lead = :department)
ORDER BY i.code LIMIT :limit;

-- name: item_joint_of_name
-- The joint items of a lead department with this name, for a list without codes.
-- in: lead text, name text
-- out: code text
-- rows: many
SELECT i.code FROM joint_item i
WHERE i.lead = :lead AND i.name = :name AND i.state <> 'retired'
  AND i.version = (SELECT max(j.version) FROM joint_item j WHERE j.code = i.code)
ORDER BY i.code LIMIT 2;

-- name: item_joint_in_force
-- All joint items in force (bundles are none), in the order of the published list.
-- in: department text?
-- out: code text, domain text, name text, target_scope text?, lead text, partners text?, levels text?
-- rows: many
SELECT code, domain, name, target_scope, lead, partners, levels FROM joint_item
WHERE state = 'published' AND kind = 'joint' AND (:department IS NULL OR lead = :department) ORDER BY code, version;

-- name: item_joint_move_state
-- in: code text, version i64, old text, new text, published_us i64?
-- changes: one
UPDATE joint_item SET state = :new, published_us = COALESCE(:published_us, published_us)
WHERE code = :code AND version = :version AND state = :old;

-- name: item_joint_retire_others
-- in: code text, version i64
UPDATE joint_item SET state = 'retired' WHERE code = :code AND version <> :version AND state IN ('published', 'suspended');

-- name: item_joint_retire_pending
-- in: code text, version i64
UPDATE joint_item SET state = 'retired' WHERE code = :code AND version > :version AND state IN ('draft', 'legal_review');

-- name: item_basis_put
-- A change of the law.
-- in: id i64, law text, article text?, kind text, day i64, note text?, entered_by text, entered_us i64
INSERT INTO basis_change (id, law, article, kind, day, note, entered_by, entered_us)
VALUES (:id, :law, :article, :kind, :day, :note, :entered_by, :entered_us);

-- name: item_basis_same
-- The same change, entered before.
-- in: law text, article text?, day i64
-- out: id i64
-- rows: one
SELECT id FROM basis_change
WHERE law = :law AND day = :day AND COALESCE(article, '-') = COALESCE(:article, '-') ORDER BY id LIMIT 1;

-- name: item_basis_list
-- Changes of the law, newest first, with the reminders that may be seen.
-- in: before i64, own text?, limit i64
-- out: id i64, law text, article text?, kind text, day i64, note text?, entered_by text, entered_us i64, found i64, open i64
-- rows: many
SELECT b.id, b.law, b.article, b.kind, b.day, b.note, b.entered_by, b.entered_us,
    (SELECT count(*) FROM basis_reminder r JOIN item i ON i.code = r.item AND i.version = r.version
     WHERE r.change = b.id AND (:own IS NULL OR i.department = :own)) AS found,
    (SELECT count(*) FROM basis_reminder r JOIN item i ON i.code = r.item AND i.version = r.version
     WHERE r.change = b.id AND r.state = 'open' AND (:own IS NULL OR i.department = :own)) AS open
FROM basis_change b WHERE b.id < :before ORDER BY b.id DESC LIMIT :limit;

-- name: item_reminder_put
-- in: change i64, item text, version i64, due_day i64
INSERT INTO basis_reminder (change, item, version, due_day, state) VALUES (:change, :item, :version, :due_day, 'open');

-- name: item_reminder_close
-- in: item text, state text, closed_by text, closed_us i64
UPDATE basis_reminder SET state = :state, closed_by = :closed_by, closed_us = :closed_us WHERE item = :item AND state = 'open';

-- name: item_reminder_keep
-- No change is needed.
-- in: change i64, item text, closed_by text, closed_us i64, reason text
-- changes: one
UPDATE basis_reminder SET state = 'kept', closed_by = :closed_by, closed_us = :closed_us, reason = :reason
WHERE change = :change AND item = :item AND state = 'open';

-- name: item_reminder_list
-- Reminders by their day, of one item or one change or all; open ones only on request.
-- in: item text?, change i64?, state text?, own text?, limit i64
-- out: change i64, item text, version i64, name text, department text, law text, article text?, kind text, day i64, note text?,
--     due_day i64, state text, closed_by text?, closed_us i64?, reason text?
-- rows: many
SELECT r.change, r.item, r.version, i.name, i.department, b.law, b.article, b.kind, b.day, b.note, r.due_day, r.state,
    r.closed_by, r.closed_us, r.reason
FROM basis_reminder r JOIN basis_change b ON b.id = r.change JOIN item i ON i.code = r.item AND i.version = r.version
WHERE (:item IS NULL OR r.item = :item) AND (:change IS NULL OR r.change = :change)
  AND (:state IS NULL OR r.state = :state) AND (:own IS NULL OR i.department = :own)
ORDER BY r.due_day, r.item, r.change LIMIT :limit;
