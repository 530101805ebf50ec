-- What a group is called, what its members may do and what is set for it. Who has no role is a member;
-- where nobody is the owner, it is the one who has been there longest.
ALTER TABLE conversations ADD COLUMN name TEXT;
ALTER TABLE conversations ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
ALTER TABLE members ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
