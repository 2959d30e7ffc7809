-- A policy says after how many days a key is verified by itself.
CREATE TABLE verify_policies (
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
    verify_days      INTEGER CONSTRAINT policies_verify CHECK (verify_days BETWEEN 0 AND 365),
    CONSTRAINT policies_one_scope CHECK (
        (environment_id IS NOT NULL) + (org_id IS NOT NULL) + (provider_id IS NOT NULL) + (account_id IS NOT NULL)
        + (key_id IS NOT NULL) <= 1
    ),
    CONSTRAINT policies_set_something
        CHECK (coalesce(max_age_days, due_soon_percent, overlap_hours, quiet_hours, verify_days) IS NOT NULL)
) STRICT;

INSERT INTO verify_policies (id, environment_id, org_id, provider_id, account_id, key_id,
                             max_age_days, due_soon_percent, overlap_hours, quiet_hours)
SELECT id, environment_id, org_id, provider_id, account_id, key_id,
       max_age_days, due_soon_percent, overlap_hours, quiet_hours
FROM policies;

DROP TABLE policies;
ALTER TABLE verify_policies RENAME TO policies;

CREATE UNIQUE INDEX policies_one_per_scope ON policies (coalesce(environment_id, org_id, provider_id, account_id, key_id, ''));
