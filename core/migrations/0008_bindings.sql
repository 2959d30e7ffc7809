-- Where keys are used: this key, under this name, at that target.
CREATE TABLE bindings (
    id         TEXT    NOT NULL PRIMARY KEY,
    key_id     TEXT    NOT NULL REFERENCES keys (id),
    target     TEXT    NOT NULL CONSTRAINT bindings_target CHECK (target IN ('env_file', 'command', 'by_hand')),
    -- One assignment in a .env file: the path as it was named, the file that it led to, the name.
    path       TEXT,
    file       TEXT,
    name       TEXT,
    -- Commands: each a JSON array of a program and its arguments.
    write      TEXT    CONSTRAINT bindings_write_json CHECK (write IS NULL OR json_valid(write)),
    confirm    TEXT    CONSTRAINT bindings_confirm_json CHECK (confirm IS NULL OR json_valid(confirm)),
    restore    TEXT    CONSTRAINT bindings_restore_json CHECK (restore IS NULL OR json_valid(restore)),
    -- A keyed hash of what the person allowed to run.
    allowed    TEXT,
    -- What the person calls a place that only they can reach.
    place      TEXT,
    -- What Keywheel put there last, and saw there.
    version_id TEXT    REFERENCES key_versions (id),
    added_at   INTEGER NOT NULL,
    -- The record stays for the journal.
    removed_at INTEGER,
    CONSTRAINT bindings_whole CHECK (CASE target
        WHEN 'env_file' THEN path IS NOT NULL AND file IS NOT NULL AND name IS NOT NULL
        WHEN 'command' THEN write IS NOT NULL
        ELSE place IS NOT NULL END)
) STRICT;

CREATE INDEX bindings_by_key ON bindings (key_id);
-- One assignment holds one key.
CREATE UNIQUE INDEX bindings_one_a_name ON bindings (file, name) WHERE removed_at IS NULL AND file IS NOT NULL;
