-- What was sent with the last mint, where its provider gives a lost answer again: the digest of the request with
-- the fingerprint of the credential, and what a clock that nobody can set showed then. All three or none.
ALTER TABLE rotations ADD COLUMN mint_request TEXT;
ALTER TABLE rotations ADD COLUMN mint_boot TEXT;
ALTER TABLE rotations ADD COLUMN mint_up_ms INTEGER;
