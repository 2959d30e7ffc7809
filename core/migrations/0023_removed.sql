-- Removed accounts and keys stay as rows for the journal. Nothing new comes under one, whoever looked before it went: an act
-- reads, waits for a provider, a keychain or a person, and writes then.
CREATE TRIGGER keys_of_an_account BEFORE INSERT ON keys
WHEN (SELECT removed_at FROM accounts WHERE id = NEW.account_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'account_is_removed'); END;

CREATE TRIGGER key_versions_of_a_key BEFORE INSERT ON key_versions
WHEN (SELECT removed_at FROM keys WHERE id = NEW.key_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'key_is_removed'); END;

CREATE TRIGGER bindings_of_a_key BEFORE INSERT ON bindings
WHEN (SELECT removed_at FROM keys WHERE id = NEW.key_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'key_is_removed'); END;

CREATE TRIGGER arriving_of_a_key BEFORE INSERT ON arriving
WHEN (SELECT k.removed_at FROM keys k JOIN key_versions v ON v.key_id = k.id WHERE v.id = NEW.version_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'key_is_removed'); END;

-- A rotation carries out the places of its plan, and no other one.
CREATE TRIGGER bindings_beside_a_rotation BEFORE INSERT ON bindings
WHEN EXISTS (SELECT 1 FROM rotations WHERE key_id = NEW.key_id AND closed_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'key_is_rotating'); END;

CREATE TRIGGER rotations_of_a_key BEFORE INSERT ON rotations
WHEN (SELECT removed_at FROM keys WHERE id = NEW.key_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'key_is_removed'); END;

CREATE TRIGGER rotations_of_an_account BEFORE INSERT ON rotations
WHEN (SELECT removed_at FROM accounts WHERE id = NEW.account_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'account_is_removed'); END;

CREATE TRIGGER accounts_stay_removed BEFORE UPDATE OF label ON accounts
WHEN OLD.removed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'account_is_removed'); END;

CREATE TRIGGER keys_not_while_rotating BEFORE UPDATE OF removed_at ON keys
WHEN OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL
 AND EXISTS (SELECT 1 FROM rotations WHERE key_id = NEW.id AND closed_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'key_is_rotating'); END;
