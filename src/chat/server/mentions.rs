//! Who is meant by a message: worked out from its words when they are stored.

use crate::kit::AppState;
use model::{
    error::AppError,
    id::UserId,
    mention::{ALL, MAX_MENTIONS, Mentions, names},
    message::Conversation,
    user::Username,
};

/// Those members whose usernames stand in a text behind an `@`, without whoever has written it. Everybody, where a
/// text of somebody who may says so. Errors: `unavailable`.
pub async fn meant(
    app: &AppState,
    sender: UserId,
    conversation: &Conversation,
    text: &str,
) -> Result<Mentions, AppError> {
    let mut mentions = Mentions::default();
    for name in names(text).into_iter().take(MAX_MENTIONS) {
        if name == ALL && conversation.lets_mention_all(sender) {
            mentions.all = true;
            continue;
        }
        let Ok(name) = Username::parse(&name) else { continue };
        let user = app.store.account_by_name(&name).await?.map(|account| account.user.id);
        mentions.users.extend(user.filter(|user| *user != sender && conversation.members.contains(user)));
    }
    Ok(mentions)
}
