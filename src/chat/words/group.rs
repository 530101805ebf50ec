//! Groups: making one, its panel, and why something is refused.

use model::group::{Act, Role};

/// Somebody is in as many groups as one may be in.
pub fn too_many_groups(name: &str, most: u64) -> String {
    format!("{name} is in {most} groups, as many as one person can be in.")
}

/// What names a group that is to be made names another one already: the form has made one before.
pub const GROUP_ID_TAKEN: &str = "From here a group has been made already, and it is in your list. Open \u{201c}New group\u{201d} again to make another.";

/// A group of nobody else is refused.
pub const NOBODY_CHOSEN: &str = "Choose at least one person for the group.";
/// No setting is posted.
pub const NOTHING_SET: &str = "Say which setting of the group is to be another.";
/// Somebody is meant who is not in the group.
pub const NO_MEMBER: &str = "This person is not in the group.";
/// The owner is to be something else.
pub const HAND_OVER_FIRST: &str = "Hand the group over to somebody else first.";
/// After one has left a group.
pub const LEFT: &str = "You have left the group.";
/// After a group was erased.
pub const DELETED: &str = "The group was deleted for everybody.";

/// More members than a group may have.
pub fn too_many_members(most: usize) -> String {
    format!("A group has at most {most} members.")
}

/// Why somebody may not do this in a group.
pub fn may_not(act: Act) -> &'static str {
    match act {
        Act::Write => "Only admins write in this group.",
        Act::Add => "Only admins add people to this group.",
        Act::Pin => "Only admins pin messages in this group.",
        Act::MentionAll => "Only admins mention everybody in this group.",
        Act::Remove(Role::Owner) => "Nobody can take the owner out of a group.",
        Act::Remove(Role::Admin) => "Only the owner can take an admin out of a group.",
        Act::Remove(Role::Member) => "Only admins can take somebody out of a group.",
        Act::Rename => "Only admins rename a group.",
        Act::Set => "Only admins change a group's settings.",
        Act::Appoint => "Only the owner of a group says who is an admin.",
        Act::HandOver => "Only the owner of a group can hand it over.",
        Act::Erase => "Only the owner can delete a group.",
    }
}

/// Opens the dialog that makes a group, and what it is called.
pub const NEW_GROUP: &str = "New group";
/// The field for its name.
pub const GROUP_NAME: &str = "Group name";
/// Makes it.
pub const CREATE_GROUP: &str = "Create group";
/// Where nobody can be chosen.
pub const NOBODY_TO_ADD: &str = "You have no contacts who could be added. Find people by name first.";
/// A group's panel, and what opens it.
pub const GROUP_DETAILS: &str = "Group details";
/// Its list.
pub const MEMBERS: &str = "Members";
/// Lets people in.
pub const ADD_PEOPLE: &str = "Add people";
/// Lets those chosen in.
pub const ADD: &str = "Add";
/// Gives the group another name.
pub const RENAME_GROUP: &str = "Rename group";
/// Asks whether to leave.
pub const LEAVE_GROUP: &str = "Leave group";
/// What leaving does.
pub const LEAVING: &str = "You will see nothing more of this group. Somebody in it can add you again.";
/// Leaves.
pub const LEAVE: &str = "Leave";
/// Asks whether to delete it.
pub const DELETE_GROUP: &str = "Delete group";
/// What that does.
pub const DELETING: &str =
    "The group and everything that was written in it is erased for everybody. This cannot be undone.";
/// Makes a member an admin.
pub const MAKE_ADMIN: &str = "Make admin";
/// Makes an admin a member.
pub const DISMISS_ADMIN: &str = "Make member";
/// Takes a member out.
pub const REMOVE_MEMBER: &str = "Remove from group";
/// Gives a member the group.
pub const HAND_OVER: &str = "Make owner";
/// The field that finds a member.
pub const FIND_MEMBER: &str = "Find member";
/// Says who may do what.
pub const GROUP_SETTINGS: &str = "Group settings";
/// A setting.
pub const WHO_WRITES: &str = "Who writes";
/// A setting.
pub const WHO_ADDS: &str = "Who adds people";
/// A setting.
pub const WHO_PINS: &str = "Who pins messages";
/// A setting.
pub const NEWCOMERS_SEE: &str = "What newcomers see";
/// Of the first three.
pub const EVERYONE: &str = "Everyone";
/// Of the first three.
pub const ADMINS: &str = "Admins";
/// Of the last one.
pub const WHAT_FOLLOWS: &str = "What is written after they joined";
/// Of the last one.
pub const EVERYTHING: &str = "Everything";

/// What can be done about a member.
pub fn options_for(name: &str) -> String {
    format!("Options for {name}")
}

/// What a member is, below their name.
pub fn role(role: Role, is_me: bool) -> &'static str {
    match (role, is_me) {
        (Role::Owner, false) => "Owner",
        (Role::Owner, true) => "Owner, you",
        (Role::Admin, false) => "Admin",
        (Role::Admin, true) => "Admin, you",
        (Role::Member, false) => "Member",
        (Role::Member, true) => "Member, you",
    }
}
