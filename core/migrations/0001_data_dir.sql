-- One row: what this data directory is. Times are milliseconds since 1970-01-01 UTC everywhere.
CREATE TABLE data_dir (
    one                  INTEGER NOT NULL PRIMARY KEY CONSTRAINT data_dir_one_row CHECK (one = 1),
    id                   TEXT    NOT NULL,
    created_at           INTEGER NOT NULL,
    -- Which keychain holds the values; set at the first write, then never another.
    keychain_backend     TEXT,
    -- Only a directory that was created as demo is answered by a simulator on this machine.
    demo_simulator       TEXT,
    demo_clock_offset_ms INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT data_dir_offset_only_in_demo CHECK (demo_simulator IS NOT NULL OR demo_clock_offset_ms = 0)
) STRICT;
