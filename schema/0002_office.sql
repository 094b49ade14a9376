-- 0002_office: accounts of the office 账号, sessions, invitations, long work.

-- accounts --------------------------------------------------------------------------------------------------------
CREATE TABLE account (
    id BIGINT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE, -- [a-z0-9._-]{2,32}
    name TEXT NOT NULL,
    -- 三员: the three administrators and those who do the work are four kinds that never mix. An account has one kind,
    -- and account_role lets it hold only roles of that kind.
    kind TEXT NOT NULL CHECK (kind IN ('system', 'security', 'audit', 'business')),
    department TEXT, -- row scope; NULL = all departments
    region TEXT, -- row scope with what lies below; NULL = all regions
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
    password TEXT, -- argon2id, as libsodium writes it; NULL until the invitation is used
    totp {blob}, -- secret of the second factor, sealed with keys/account.key
    totp_step BIGINT NOT NULL, -- the last time step used: a code counts once
    failures BIGINT NOT NULL, -- in a row
    locked_until_us BIGINT NOT NULL, -- 0 = not locked
    created_us BIGINT NOT NULL,
    row_version BIGINT NOT NULL,
    UNIQUE (id, kind)
);
CREATE TABLE account_role (
    account BIGINT NOT NULL,
    kind TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (account, role),
    FOREIGN KEY (account, kind) REFERENCES account (id, kind),
    CHECK ((kind <> 'business' AND role = kind)
        OR (kind = 'business' AND role IN ('clerk', 'reviewer', 'head', 'secretary', 'inspector', 'expert', 'observer')))
);
CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY, -- SHA-256 of the cookie, hex: the token itself is nowhere
    id BIGINT NOT NULL UNIQUE,
    account BIGINT NOT NULL,
    csrf TEXT NOT NULL,
    agent TEXT, -- the browser's words about itself
    created_us BIGINT NOT NULL,
    seen_us BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account, id);
CREATE TABLE invitation ( -- a one-time link
    token_hash TEXT NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    purpose TEXT NOT NULL, -- invite | reset
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
);
CREATE INDEX invitation_account ON invitation (account);

-- long work 后台任务 ------------------------------------------------------------------------------------------------
CREATE TABLE job (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL, -- import.check | import.run | import.undo | import.recover | export
    subject TEXT NOT NULL,
    account BIGINT NOT NULL,
    state TEXT NOT NULL, -- waiting | running | done | failed | cancelled
    error TEXT, -- code of an error
    why TEXT, -- its particulars
    created_us BIGINT NOT NULL,
    ended_us BIGINT
);
CREATE INDEX job_account ON job (account, id);
CREATE TABLE upload ( -- a file handed in for an import; its bytes lie in DIR/uploads
    id BIGINT NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    kind TEXT NOT NULL, -- targets | items | inspectors | experts | recusals
    name TEXT NOT NULL, -- of the file as it was handed in
    department TEXT,
    bytes_count BIGINT NOT NULL,
    state TEXT NOT NULL, -- checking | unmapped | checked | importing | done | failed | cancelled | undoing | undone
    report TEXT, -- JSON
    undo TEXT, -- JSON: why and how it was undone
    job BIGINT NOT NULL, -- the latest
    created_us BIGINT NOT NULL
);
CREATE INDEX upload_account ON upload (account, id);
CREATE TABLE import_change ( -- rows that an import of the office made or changed, kept to undo it (ADR 0006)
    import BIGINT NOT NULL, -- upload.id
    seq BIGINT NOT NULL, -- from 1, in the order they were made
    line BIGINT NOT NULL, -- of the file
    key TEXT NOT NULL, -- of the row in its register
    effect TEXT NOT NULL, -- new | changed
    before TEXT, -- JSON of the row before; NULL = there was none
    after TEXT, -- JSON of what the import made of it; NULL = as it was handed in (targets: row_version tells)
    state TEXT NOT NULL, -- applied | undone | removed | kept
    why TEXT, -- kept: changed | referred
    PRIMARY KEY (import, seq)
);
CREATE TABLE import_mapping ( -- how a department reads a row of headers
    department TEXT NOT NULL, -- * = an account without department
    kind TEXT NOT NULL,
    headers TEXT NOT NULL, -- SHA-256 of the headers, hex
    fields TEXT NOT NULL, -- JSON array: a field or null for each column
    updated_us BIGINT NOT NULL,
    PRIMARY KEY (department, kind, headers)
);
CREATE TABLE export ( -- a list written to a file; its bytes lie in DIR/exports
    id BIGINT NOT NULL PRIMARY KEY, -- job.id
    account BIGINT NOT NULL,
    list TEXT NOT NULL,
    format TEXT NOT NULL, -- csv | xlsx
    filters TEXT, -- JSON
    risk BIGINT NOT NULL, -- 1: the account may see risk classes
    rows_count BIGINT, -- NULL until it is complete
    bytes_count BIGINT,
    created_us BIGINT NOT NULL
);
CREATE INDEX export_account ON export (account, id);
