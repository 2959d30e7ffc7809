-- Calls made to providers that take only so many in a span of time.
CREATE TABLE turns (
    account_id TEXT    NOT NULL REFERENCES accounts (id),
    at         INTEGER NOT NULL
) STRICT;

CREATE INDEX turns_by_account ON turns (account_id, at);
