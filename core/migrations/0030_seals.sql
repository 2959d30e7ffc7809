-- What the keychain was told at each time how far this directory has come: another random mark each time. A backup that is put
-- back does not know the newer ones, however far it comes by itself.
CREATE TABLE seals (
    mark TEXT NOT NULL PRIMARY KEY
) STRICT;
