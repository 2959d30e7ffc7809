-- Whether a shortcut of the whole desktop opens quick access. It takes that shortcut from every other program.
ALTER TABLE settings ADD COLUMN quick_shortcut INTEGER NOT NULL DEFAULT 0
    CONSTRAINT settings_quick_shortcut CHECK (quick_shortcut IN (0, 1));
