-- A rotation, or another act on the same driver. `state` and `cursor` are the fold of its journal.
CREATE TABLE rotations (
    id             TEXT    NOT NULL PRIMARY KEY,
    act            TEXT    NOT NULL CONSTRAINT rotations_act CHECK (act IN ('rotate', 'create', 'signup', 'revoke')),
    key_id         TEXT    NOT NULL REFERENCES keys (id),
    account_id     TEXT    NOT NULL REFERENCES accounts (id),
    old_version_id TEXT    REFERENCES key_versions (id),
    new_version_id TEXT    REFERENCES key_versions (id),
    plan           TEXT    NOT NULL CONSTRAINT rotations_plan_json CHECK (json_valid(plan)),
    inputs         TEXT    NOT NULL CONSTRAINT rotations_inputs_json CHECK (json_valid(inputs)),
    cursor         INTEGER NOT NULL,
    state          TEXT    NOT NULL,
    state_code     TEXT,
    resume_at      INTEGER,
    mint_name      TEXT,
    mints          INTEGER NOT NULL DEFAULT 0,
    opened_at      INTEGER NOT NULL,
    closed_at      INTEGER,
    -- Who drives it. The fence grows with every take-over; a record made under an older one is refused.
    fence          INTEGER NOT NULL DEFAULT 0,
    driver         TEXT,
    driver_who     TEXT,
    driver_since   INTEGER
) STRICT;

CREATE UNIQUE INDEX rotations_one_open ON rotations (key_id) WHERE closed_at IS NULL;

-- Append only: intents and outcomes, ids and codes; no value and no remote text.
CREATE TABLE journal (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    rotation_id TEXT    NOT NULL REFERENCES rotations (id),
    at          INTEGER NOT NULL,
    fence       INTEGER NOT NULL,
    event       TEXT    NOT NULL,
    step        TEXT,
    code        TEXT,
    until       INTEGER,
    word        TEXT
) STRICT;

CREATE INDEX journal_by_rotation ON journal (rotation_id, seq);

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'journal_append_only'); END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'journal_append_only'); END;

-- The provider's key ids before the mint.
CREATE TABLE snapshots (
    rotation_id TEXT NOT NULL REFERENCES rotations (id),
    remote_id   TEXT NOT NULL,
    CONSTRAINT snapshots_unique PRIMARY KEY (rotation_id, remote_id)
) STRICT;

-- Keys at a provider of which nobody can say whose they are; shown until a person settles them.
CREATE TABLE unaccounted (
    id          TEXT    NOT NULL PRIMARY KEY,
    account_id  TEXT    NOT NULL REFERENCES accounts (id),
    rotation_id TEXT    REFERENCES rotations (id),
    remote_id   TEXT,
    prefix      TEXT,
    window_from INTEGER NOT NULL,
    window_to   INTEGER NOT NULL,
    settled_at  INTEGER,
    settled_as  TEXT CONSTRAINT unaccounted_settled_as CHECK (settled_as IN ('revoked', 'kept', 'absent'))
) STRICT;

CREATE UNIQUE INDEX unaccounted_one_open ON unaccounted (account_id, ifnull(remote_id, rotation_id)) WHERE settled_at IS NULL;
