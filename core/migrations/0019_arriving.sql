-- Versions whose value is on its way into the keychain: written before it is put there, taken away in the transaction that
-- says that it is held. What a kill leaves here is looked for in the keychain.
CREATE TABLE arriving (
    version_id TEXT    NOT NULL PRIMARY KEY REFERENCES key_versions (id),
    at         INTEGER NOT NULL
) STRICT;
