-- What the provider's answer said that led to the newest record of a rotation, where one did.
ALTER TABLE rotations ADD COLUMN said_status INTEGER;
ALTER TABLE rotations ADD COLUMN said_code TEXT;
