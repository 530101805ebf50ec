-- Who has pinned a message for everybody in its conversation, and when.
ALTER TABLE messages ADD COLUMN pinned_at INTEGER;
ALTER TABLE messages ADD COLUMN pinned_by BLOB;

CREATE INDEX messages_pinned ON messages (conversation, pinned_at) WHERE pinned_at IS NOT NULL;

-- Whom a message means, as a JSON array; the nil id is everybody. The same once more, to find what means somebody.
ALTER TABLE messages ADD COLUMN mentions TEXT NOT NULL DEFAULT '[]';

CREATE TABLE mentioned (
  conversation BLOB NOT NULL,
  user         BLOB NOT NULL,
  seq          INTEGER NOT NULL,
  PRIMARY KEY (conversation, user, seq)
) STRICT, WITHOUT ROWID;
