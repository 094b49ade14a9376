-- account.sql - accounts 账号, their roles, sessions and invitations

-- name: account_insert
-- in: id i64, login text, name text, kind text, department text?, region text?, unit text?, target text?, created_us i64
INSERT INTO account (id, login, name, kind, department, region, unit, target, state, password, totp, totp_step, failures,
    locked_until_us, created_us, row_version)
VALUES (:id, :login, :name, :kind, :department, :region, :unit, :target, 'invited', NULL, NULL, 0, 0, 0, :created_us, 1);

-- name: account_of_target
-- The account of a target.
-- in: target text
-- out: login text, state text
-- rows: one
SELECT login, state FROM account WHERE target = :target;

-- name: account_target
-- Which target an account speaks for.
-- in: id i64
-- out: target text?
-- rows: one
SELECT target FROM account WHERE id = :id;

-- name: account_get
-- in: login text
-- out: id i64, login text, name text, kind text, department text?, region text?, state text, password text?, totp blob?,
--     totp_step i64, failures i64, locked_until_us i64, created_us i64, row_version i64, unit text?, inspector text?
-- rows: one
SELECT id, login, name, kind, department, region, state, password, totp, totp_step, failures, locked_until_us,
    created_us, row_version, unit, inspector FROM account WHERE login = :login;

-- name: account_by_id
-- in: id i64
-- out: id i64, login text, name text, kind text, department text?, region text?, state text, password text?, totp blob?,
--     totp_step i64, failures i64, locked_until_us i64, created_us i64, row_version i64, unit text?, inspector text?
-- rows: one
SELECT id, login, name, kind, department, region, state, password, totp, totp_step, failures, locked_until_us,
    created_us, row_version, unit, inspector FROM account WHERE id = :id;

-- name: account_page
-- Accounts after a login.
-- in: after text, words text?, limit i64
-- out: id i64, login text, name text, kind text, department text?, region text?, state text, has_totp i64,
--     locked_until_us i64, created_us i64, row_version i64, unit text?, inspector text?
-- rows: many
SELECT id, login, name, kind, department, region, state, CAST(CASE WHEN totp IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_totp,
    locked_until_us, created_us, row_version, unit, inspector
FROM account
WHERE login > :after AND (:words IS NULL OR replace(login || ' ' || name, :words, '') <> login || ' ' || name)
ORDER BY login LIMIT :limit;

-- name: account_describe
-- in: login text, row_version i64, name text, department text?, region text?, unit text?
-- changes: one
UPDATE account SET name = :name, department = :department, region = :region, unit = :unit, row_version = row_version + 1
WHERE login = :login AND row_version = :row_version;

-- name: account_link_put
-- in: login text, row_version i64, inspector text?
-- changes: one
UPDATE account SET inspector = :inspector, row_version = row_version + 1
WHERE login = :login AND row_version = :row_version;

-- name: account_of_inspector
-- in: inspector text
-- out: login text
-- rows: one
SELECT login FROM account WHERE inspector = :inspector;

-- name: account_move
-- in: id i64, old text, new text
-- changes: one
UPDATE account SET state = :new, row_version = row_version + 1 WHERE id = :id AND state = :old;

-- name: account_put_password
-- The password, the end of a lockout, and the account works (unless it is disabled).
-- in: id i64, password text
-- changes: one
UPDATE account SET password = :password, failures = 0, locked_until_us = 0, state = 'active',
    row_version = row_version + 1
WHERE id = :id AND state <> 'disabled';

-- name: account_put_totp
-- in: id i64, totp blob?, totp_step i64
-- changes: one
UPDATE account SET totp = :totp, totp_step = :totp_step, row_version = row_version + 1 WHERE id = :id;

-- name: account_put_failures
-- in: id i64, failures i64, locked_until_us i64
-- changes: one
UPDATE account SET failures = :failures, locked_until_us = :locked_until_us WHERE id = :id;

-- name: account_use_step
-- A time step of the second factor counts once.
-- in: id i64, totp_step i64
-- changes: one
UPDATE account SET totp_step = :totp_step WHERE id = :id AND totp_step < :totp_step;

-- name: account_role_put
-- in: account i64, kind text, role text
INSERT INTO account_role (account, kind, role) VALUES (:account, :kind, :role);

-- name: account_role_clear
-- in: account i64
DELETE FROM account_role WHERE account = :account;

-- name: account_role_list
-- in: account i64
-- out: role text
-- rows: many
SELECT role FROM account_role WHERE account = :account ORDER BY role;

-- name: account_session_put
-- in: token_hash text, id i64, account i64, csrf text, agent text?, created_us i64
INSERT INTO session (token_hash, id, account, csrf, agent, created_us, seen_us)
VALUES (:token_hash, :id, :account, :csrf, :agent, :created_us, :created_us);

-- name: account_session_get
-- in: token_hash text
-- out: session i64, csrf text, created_us i64, seen_us i64, account i64, login text, name text, kind text,
--     department text?, region text?, state text, has_totp i64, inspector text?
-- rows: one
SELECT s.id AS session, s.csrf, s.created_us, s.seen_us, a.id AS account, a.login, a.name, a.kind, a.department, a.region,
    a.state, CAST(CASE WHEN a.totp IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_totp, a.inspector
FROM session s JOIN account a ON a.id = s.account WHERE s.token_hash = :token_hash;

-- name: account_session_touch
-- in: id i64, seen_us i64
UPDATE session SET seen_us = :seen_us WHERE id = :id AND seen_us < :seen_us;

-- name: account_session_list
-- in: account i64, alive_us i64, born_us i64
-- out: id i64, agent text?, created_us i64, seen_us i64
-- rows: many
SELECT id, agent, created_us, seen_us FROM session
WHERE account = :account AND seen_us > :alive_us AND created_us > :born_us ORDER BY id DESC;

-- name: account_session_end
-- in: account i64, id i64
DELETE FROM session WHERE account = :account AND id = :id;

-- name: account_session_end_all
-- All of an account but one (0: really all).
-- in: account i64, but i64
DELETE FROM session WHERE account = :account AND id <> :but;

-- name: account_session_sweep
-- Sessions that ended by themselves.
-- in: alive_us i64, born_us i64
DELETE FROM session WHERE seen_us <= :alive_us OR created_us <= :born_us;

-- name: account_invitation_put
-- in: token_hash text, account i64, purpose text, created_us i64, expires_us i64
INSERT INTO invitation (token_hash, account, purpose, created_us, expires_us)
VALUES (:token_hash, :account, :purpose, :created_us, :expires_us);

-- name: account_invitation_get
-- in: token_hash text
-- out: account i64, purpose text, expires_us i64
-- rows: one
SELECT account, purpose, expires_us FROM invitation WHERE token_hash = :token_hash;

-- name: account_invitation_clear
-- All links of an account, once one was used or a new one is made.
-- in: account i64
DELETE FROM invitation WHERE account = :account;

-- name: account_feed_put
-- A new address in place of the one before.
-- in: account i64, token_hash text, created_us i64
INSERT INTO calendar_feed (account, token_hash, created_us) VALUES (:account, :token_hash, :created_us)
ON CONFLICT (account) DO UPDATE SET token_hash = excluded.token_hash, created_us = excluded.created_us;

-- name: account_feed_get
-- in: account i64
-- out: created_us i64
-- rows: one
SELECT created_us FROM calendar_feed WHERE account = :account;

-- name: account_feed_who
-- Whose address it is, with the scope that the account has now.
-- in: token_hash text
-- out: account i64, login text, name text, kind text, department text?, region text?, state text, inspector text?
-- rows: one
SELECT a.id AS account, a.login, a.name, a.kind, a.department, a.region, a.state, a.inspector
FROM calendar_feed f JOIN account a ON a.id = f.account WHERE f.token_hash = :token_hash;

-- name: account_feed_clear
-- in: account i64
DELETE FROM calendar_feed WHERE account = :account;

-- name: account_waiting
-- Links that were not used yet, and business accounts that have no role; for the desk of the administrators.
-- out: invited i64, roleless i64
-- rows: one
SELECT (SELECT COUNT(*) FROM account WHERE state = 'invited') AS invited,
    (SELECT COUNT(*) FROM account a WHERE a.kind = 'business' AND a.state <> 'disabled'
        AND NOT EXISTS (SELECT 1 FROM account_role r WHERE r.account = a.id)) AS roleless;
