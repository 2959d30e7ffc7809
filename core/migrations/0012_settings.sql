-- One row, once somebody chose something: how the window looks and behaves, and what the command keeps to as well.
CREATE TABLE settings (
    one                INTEGER NOT NULL PRIMARY KEY CONSTRAINT settings_one_row CHECK (one = 1),
    theme              TEXT    NOT NULL CONSTRAINT settings_theme CHECK (theme IN ('system', 'light', 'dark')),
    density            TEXT    NOT NULL CONSTRAINT settings_density CHECK (density IN ('compact', 'comfortable')),
    -- Whether single letters are shortcuts.
    letters            INTEGER NOT NULL CONSTRAINT settings_letters CHECK (letters IN (0, 1)),
    clipboard_seconds  INTEGER NOT NULL CONSTRAINT settings_clipboard CHECK (clipboard_seconds BETWEEN 5 AND 600),
    reveal_seconds     INTEGER NOT NULL CONSTRAINT settings_reveal CHECK (reveal_seconds BETWEEN 5 AND 120),
    -- 0: never.
    lock_after_seconds INTEGER NOT NULL
                       CONSTRAINT settings_lock_after CHECK (lock_after_seconds = 0 OR lock_after_seconds BETWEEN 15 AND 86400),
    lock_keychain      TEXT    NOT NULL CONSTRAINT settings_lock_keychain CHECK (lock_keychain IN ('never', 'asked', 'always')),
    -- 0: never.
    refresh_minutes    INTEGER NOT NULL
                       CONSTRAINT settings_refresh CHECK (refresh_minutes = 0 OR refresh_minutes BETWEEN 5 AND 1440),
    -- Notifications of the desktop: whether, with names of keys, and from which hour on the daily one.
    notify             INTEGER NOT NULL CONSTRAINT settings_notify CHECK (notify IN (0, 1)),
    notify_names       INTEGER NOT NULL CONSTRAINT settings_notify_names CHECK (notify_names IN (0, 1)),
    digest_hour        INTEGER NOT NULL CONSTRAINT settings_digest_hour CHECK (digest_hour BETWEEN 0 AND 23)
) STRICT;

-- What a person was told of, by ids and states only, so that it is not told again.
CREATE TABLE told (
    matter TEXT    NOT NULL PRIMARY KEY,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
