-- Every name that a mint was sent with. A second mint does not make the first one's name somebody else's: what was sent may
-- be carried out late, or although it was refused.
CREATE TABLE mints (
    name        TEXT    NOT NULL PRIMARY KEY,
    account_id  TEXT    NOT NULL REFERENCES accounts (id),
    rotation_id TEXT    NOT NULL REFERENCES rotations (id),
    version_id  TEXT    NOT NULL REFERENCES key_versions (id),
    sent_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX mints_by_account ON mints (account_id);

-- What earlier versions kept: the last name of each rotation, without the names that were told to a person, and those of
-- what was replaced in place, where nothing is named.
INSERT INTO mints (name, account_id, rotation_id, version_id, sent_at)
SELECT mint_name, account_id, id, new_version_id, opened_at FROM rotations
WHERE mint_name LIKE '% ~k%' AND new_version_id IS NOT NULL
  AND plan NOT LIKE '%roll%' AND plan NOT LIKE '%two_slot%'
ON CONFLICT DO NOTHING;
