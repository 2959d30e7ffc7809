CREATE TABLE orgs (
    id   TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE CONSTRAINT orgs_name_unique UNIQUE
) STRICT;

CREATE TABLE environments (
    id       TEXT    NOT NULL PRIMARY KEY,
    name     TEXT    NOT NULL COLLATE NOCASE CONSTRAINT environments_name_unique UNIQUE,
    tier     TEXT    NOT NULL CONSTRAINT environments_tier CHECK (tier IN ('production', 'staging', 'development', 'ci', 'own')),
    position INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    id                TEXT NOT NULL PRIMARY KEY,
    org_id            TEXT NOT NULL REFERENCES orgs (id),
    provider_id       TEXT NOT NULL,
    label             TEXT NOT NULL COLLATE NOCASE,
    fields            TEXT NOT NULL CONSTRAINT accounts_fields_json CHECK (json_valid(fields)),
    scheme            TEXT NOT NULL,
    base_url          TEXT,
    management_key_id TEXT REFERENCES keys (id),
    listed_at         INTEGER,
    tried_at          INTEGER,
    tried_code        TEXT,
    -- Set when the person removes it from Keywheel; the record stays for the journal.
    removed_at        INTEGER,
    CONSTRAINT accounts_label_unique UNIQUE (org_id, provider_id, label)
) STRICT;

CREATE TABLE keys (
    id             TEXT    NOT NULL PRIMARY KEY,
    account_id     TEXT    NOT NULL REFERENCES accounts (id),
    environment_id TEXT    NOT NULL REFERENCES environments (id),
    name           TEXT    NOT NULL COLLATE NOCASE,
    purpose        TEXT    NOT NULL CONSTRAINT keys_purpose CHECK (purpose IN ('service', 'management', 'webhook')),
    -- What people say of it.
    owner          TEXT,
    used_for       TEXT,
    permissions    TEXT    NOT NULL DEFAULT '[]' CONSTRAINT keys_permissions_json CHECK (json_valid(permissions)),
    preset         TEXT,
    -- The version whose day of creation is the person's word.
    told_version_id TEXT   REFERENCES key_versions (id),
    -- Set when the person removes it from Keywheel; the record stays for the journal.
    removed_at     INTEGER
) STRICT;

CREATE UNIQUE INDEX keys_name_unique ON keys (account_id, environment_id, name) WHERE removed_at IS NULL;

CREATE TABLE key_versions (
    id            TEXT    NOT NULL PRIMARY KEY,
    key_id        TEXT    NOT NULL REFERENCES keys (id),
    state         TEXT    NOT NULL CONSTRAINT key_versions_state
                  CHECK (state IN ('pending', 'live', 'retiring', 'revoked', 'compromised')),
    remote_id     TEXT,
    prefix        TEXT,
    hint          TEXT,
    fingerprint   TEXT,
    held          INTEGER NOT NULL CONSTRAINT key_versions_held CHECK (held IN (0, 1)),
    created_at    INTEGER,
    first_seen_at INTEGER NOT NULL,
    expires_at    INTEGER,
    answer        TEXT    CONSTRAINT key_versions_answer CHECK (answer IN ('live', 'dead', 'undetermined')),
    answered_at   INTEGER,
    answer_ms     INTEGER,
    answer_status INTEGER,
    answer_code   TEXT,
    ended_at      INTEGER,
    receipt       TEXT    CONSTRAINT key_versions_receipt CHECK (receipt IN ('refused', 'unlisted', 'word')),
    receipt_status INTEGER,
    CONSTRAINT key_versions_held_has_fingerprint CHECK (held = 0 OR fingerprint IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX key_versions_one_live ON key_versions (key_id) WHERE state = 'live';
CREATE INDEX key_versions_by_key ON key_versions (key_id);
CREATE INDEX key_versions_by_remote_id ON key_versions (remote_id);
CREATE INDEX key_versions_by_fingerprint ON key_versions (fingerprint);

CREATE TABLE policies (
    id               TEXT    NOT NULL PRIMARY KEY,
    -- NULL: the rule for all keys.
    environment_id   TEXT    REFERENCES environments (id),
    max_age_days     INTEGER NOT NULL CONSTRAINT policies_max_age CHECK (max_age_days BETWEEN 1 AND 3650),
    due_soon_percent INTEGER NOT NULL CONSTRAINT policies_due_soon CHECK (due_soon_percent BETWEEN 1 AND 100),
    overlap_hours    INTEGER NOT NULL CONSTRAINT policies_overlap CHECK (overlap_hours BETWEEN 0 AND 8760)
) STRICT;

CREATE UNIQUE INDEX policies_one_per_scope ON policies (ifnull(environment_id, ''));
