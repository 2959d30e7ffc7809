-- A policy speaks for all keys or for one scope, and may leave a setting to a wider one.
CREATE TABLE scoped_policies (
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
    CONSTRAINT policies_one_scope CHECK (
        (environment_id IS NOT NULL) + (org_id IS NOT NULL) + (provider_id IS NOT NULL) + (account_id IS NOT NULL)
        + (key_id IS NOT NULL) <= 1
    ),
    CONSTRAINT policies_set_something CHECK (coalesce(max_age_days, due_soon_percent, overlap_hours) IS NOT NULL)
) STRICT;

INSERT INTO scoped_policies (id, environment_id, max_age_days, due_soon_percent, overlap_hours)
SELECT id, environment_id, max_age_days, due_soon_percent, overlap_hours FROM policies;

DROP TABLE policies;
ALTER TABLE scoped_policies RENAME TO policies;

CREATE UNIQUE INDEX policies_one_per_scope ON policies (coalesce(environment_id, org_id, provider_id, account_id, key_id, ''));

-- A finding that a person puts off or accepts, until a day. What was once waived is in the activity.
CREATE TABLE waivers (
    key_id TEXT    NOT NULL PRIMARY KEY REFERENCES keys (id),
    kind   TEXT    NOT NULL CONSTRAINT waivers_kind CHECK (kind IN ('snooze', 'accept_risk')),
    reason TEXT    NOT NULL,
    -- Where the key stood then; what is worse is not covered.
    covers TEXT    NOT NULL CONSTRAINT waivers_covers
           CHECK (covers IN ('refused', 'expired', 'stale', 'due_soon', 'unverified')),
    since  INTEGER NOT NULL,
    until  INTEGER NOT NULL CONSTRAINT waivers_until CHECK (until > since)
) STRICT;
