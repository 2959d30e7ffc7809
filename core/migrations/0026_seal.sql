-- How far the data directory has come: grows with whatever a later state knows of a key and an earlier one does not. The
-- keychain is told of it, so that a backup which was put back is known as one. `seal` is another word each time a person says
-- of two directories which one has the keys.
ALTER TABLE data_dir ADD COLUMN acts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE data_dir ADD COLUMN seal TEXT NOT NULL DEFAULT '';

-- By what the key of all fingerprints is known as the one that they were made with; NULL: not known yet.
ALTER TABLE data_dir ADD COLUMN fingerprint_check TEXT;

-- A list has shown no other key than this one that the mint of ours may have made; until then nothing but the mint's answer
-- tells the id.
ALTER TABLE key_versions ADD COLUMN vouched INTEGER NOT NULL DEFAULT 0 CONSTRAINT key_versions_vouched CHECK (vouched IN (0, 1));

-- It was open in a state that was put back: nobody knows what became of it since, and a person goes on first.
ALTER TABLE rotations ADD COLUMN behind INTEGER NOT NULL DEFAULT 0 CONSTRAINT rotations_behind CHECK (behind IN (0, 1));

CREATE TRIGGER acts_of_rotations AFTER INSERT ON journal
BEGIN UPDATE data_dir SET acts = acts + 1; END;

CREATE TRIGGER acts_of_new_versions AFTER INSERT ON key_versions WHEN NEW.held = 1
BEGIN UPDATE data_dir SET acts = acts + 1; END;

CREATE TRIGGER acts_of_versions AFTER UPDATE OF state, held, forget, remote_id ON key_versions
WHEN OLD.state <> NEW.state OR OLD.held <> NEW.held OR OLD.forget <> NEW.forget OR OLD.remote_id IS NOT NEW.remote_id
BEGIN UPDATE data_dir SET acts = acts + 1; END;

CREATE TRIGGER acts_of_new_bindings AFTER INSERT ON bindings
BEGIN UPDATE data_dir SET acts = acts + 1; END;

CREATE TRIGGER acts_of_bindings AFTER UPDATE OF removed_at ON bindings
BEGIN UPDATE data_dir SET acts = acts + 1; END;
