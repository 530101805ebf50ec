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

-- Files, from the beginning of their uploads until their bytes are erased: the row goes last. The owner may be gone,
-- and so may the message; what is sent ends with that, everything else expires, and what is erased has.
CREATE TABLE files (
  id           BLOB PRIMARY KEY CHECK (length(id) = 16),
  owner        BLOB NOT NULL CHECK (length(owner) = 16),
  state        TEXT NOT NULL CHECK (state IN ('uploading', 'ready', 'sent', 'erased')),
  name         TEXT NOT NULL,
  kind         TEXT NOT NULL,
  size         INTEGER NOT NULL,
  received     INTEGER NOT NULL CHECK (received BETWEEN 0 AND size),
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  sha256       BLOB CHECK (length(sha256) = 32),
  width        INTEGER,
  height       INTEGER,
  duration     INTEGER,
  placeholder  TEXT,
  conversation BLOB,
  message      BLOB,
  CHECK ((state = 'sent') = (expires_at IS NULL)),
  CHECK ((state = 'sent') = (conversation IS NOT NULL)),
  CHECK ((state = 'sent') = (message IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- With what is counted beside it, so that counting reads no rows.
CREATE INDEX files_by_owner ON files (owner, state, size);
CREATE INDEX files_by_conversation ON files (conversation) WHERE conversation IS NOT NULL;
CREATE INDEX files_by_end ON files (expires_at) WHERE expires_at IS NOT NULL;

-- What a message holds besides words, one bit each: pictures and films, other files, an address in its text. Files are
-- as new as this column; addresses are looked for, as `link::may_stand_in` does (LIKE does not tell case).
ALTER TABLE messages ADD COLUMN holds INTEGER NOT NULL DEFAULT 0;
UPDATE messages SET holds = 4
  WHERE kind = 'text' AND deleted_at IS NULL AND (body LIKE '%http://%' OR body LIKE '%https://%');

CREATE INDEX messages_with_media ON messages (conversation, seq) WHERE holds & 1;
CREATE INDEX messages_with_files ON messages (conversation, seq) WHERE holds & 2;
CREATE INDEX messages_with_links ON messages (conversation, seq) WHERE holds & 4;
