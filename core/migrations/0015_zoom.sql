-- How large the window shows everything, in percent.
ALTER TABLE settings ADD COLUMN zoom_percent INTEGER NOT NULL DEFAULT 100
    CONSTRAINT settings_zoom CHECK (zoom_percent BETWEEN 50 AND 300);
