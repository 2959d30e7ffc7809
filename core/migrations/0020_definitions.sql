-- Definitions as accounts were connected with them: a file that changes or goes changes nothing for them until a person
-- has looked at it. A digest of the text names it.
CREATE TABLE definitions (
    digest TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL
) STRICT;

-- NULL: connected by an earlier version; pinned at the next start.
ALTER TABLE accounts ADD COLUMN definition TEXT REFERENCES definitions (digest);
