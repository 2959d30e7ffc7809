-- A policy says how long an old key has to be silent before it is revoked.
CREATE TABLE quiet_policies (
    id               TEXT    NOT NULL PRIMARY KEY,
    -- At most one of these five; none: for all keys.
    environment_id   TEXT    REFERENCES environments (id),
    org_id           TEXT    REFERENCES orgs (id),
    provider_id      TEXT,
    account_id       TEXT    REFERENCES accounts (id),
    key_id           TEXT    REFERENCES keys (id),
    -- NULL: a wider scope decides.
    max_age_days     INTEGER CONSTRAINT policies_max_age CHECK (max_age_days BETWEEN 1 AND 3650),
    due_soon_percent INTEGER CONSTRAINT policies_due_soon CHECK (due_soon_percent BETWEEN 1 AND 100),
    overlap_hours    INTEGER CONSTRAINT policies_overlap CHECK (overlap_hours BETWEEN 0 AND 8760),
    quiet_hours      INTEGER CONSTRAINT policies_quiet CHECK (quiet_hours BETWEEN 0 AND 8760),
    CONSTRAINT policies_one_scope CHECK (
        (environment_id IS NOT NULL) + (org_id IS NOT NULL) + (provider_id IS NOT NULL) + (account_id IS NOT NULL)
        + (key_id IS NOT NULL) <= 1
    ),
    CONSTRAINT policies_set_something
        CHECK (coalesce(max_age_days, due_soon_percent, overlap_hours, quiet_hours) IS NOT NULL)
) STRICT;

INSERT INTO quiet_policies (id, environment_id, org_id, provider_id, account_id, key_id,
                            max_age_days, due_soon_percent, overlap_hours)
SELECT id, environment_id, org_id, provider_id, account_id, key_id, max_age_days, due_soon_percent, overlap_hours
FROM policies;

DROP TABLE policies;
ALTER TABLE quiet_policies RENAME TO policies;

CREATE UNIQUE INDEX policies_one_per_scope ON policies (coalesce(environment_id, org_id, provider_id, account_id, key_id, ''));

-- What clocks that nobody can set showed while a rotation waited for its overlap, each beside a record of its journal.
CREATE TABLE readings (
    seq         INTEGER NOT NULL PRIMARY KEY REFERENCES journal (seq),
    -- One run of the machine, and how long it had been up.
    boot        TEXT    NOT NULL,
    up_ms       INTEGER NOT NULL,
    -- The provider's clock, where it was asked and told it.
    provider_at INTEGER
) STRICT;

CREATE TRIGGER readings_no_update BEFORE UPDATE ON readings
BEGIN SELECT RAISE(ABORT, 'readings_append_only'); END;

CREATE TRIGGER readings_no_delete BEFORE DELETE ON readings
BEGIN SELECT RAISE(ABORT, 'readings_append_only'); END;
