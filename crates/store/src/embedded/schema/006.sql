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

-- Who is asked into which group, and by whom. Swept when somebody else is asked.
CREATE TABLE group_invitations (
  conversation BLOB NOT NULL REFERENCES conversations (id),
  user         BLOB NOT NULL REFERENCES users (id),
  sent_by      BLOB NOT NULL REFERENCES users (id),
  sent_at      INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  declined_at  INTEGER,
  PRIMARY KEY (conversation, user)
) STRICT, WITHOUT ROWID;

CREATE INDEX group_invitations_by_user ON group_invitations (user);
CREATE INDEX group_invitations_by_sender ON group_invitations (sent_by);
CREATE INDEX group_invitations_by_end ON group_invitations (expires_at);

-- Since when each of the two blocks the other.
ALTER TABLE friendships ADD COLUMN blocked_by_min INTEGER;
ALTER TABLE friendships ADD COLUMN blocked_by_max INTEGER;

-- Whether a direct conversation is closed is asked with each message.
CREATE INDEX friendships_by_conversation ON friendships (conversation) WHERE conversation IS NOT NULL;

-- Links into groups.
ALTER TABLE invitations ADD COLUMN conversation BLOB REFERENCES conversations (id);
CREATE INDEX invitations_by_conversation ON invitations (conversation) WHERE conversation IS NOT NULL;

-- What a member alone keeps of a conversation, as JSON.
ALTER TABLE members ADD COLUMN prefs TEXT NOT NULL DEFAULT '{}';

-- The files of a message, as a JSON array.
ALTER TABLE messages ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]';
