-- What happened, for people. No value and no remote text; names are the user's own.
CREATE TABLE activity (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    actor       TEXT    NOT NULL CONSTRAINT activity_actor CHECK (actor IN ('window', 'cli', 'keywheel')),
    verb        TEXT    NOT NULL,
    key_id      TEXT    REFERENCES keys (id),
    version_id  TEXT    REFERENCES key_versions (id),
    account_id  TEXT    REFERENCES accounts (id),
    rotation_id TEXT    REFERENCES rotations (id),
    result      TEXT    NOT NULL CONSTRAINT activity_result CHECK (result IN ('done', 'failed', 'unknown')),
    code        TEXT,
    -- The user's own words at that time, e.g. the former name.
    word        TEXT
) STRICT;

CREATE INDEX activity_by_key ON activity (key_id, seq);
