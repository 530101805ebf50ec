//! What is refused is noted.

use model::{error::AppError, id::UserId};

/// One line for each refusal: its code, and who got it, where that is known. Never what they said.
pub fn audit_refusal(error: &AppError, user: Option<UserId>) {
    if error.code.status() < 500 {
        let user = user.map(tracing::field::display);
        tracing::info!(audit = "refused", code = error.code.word(), user, "refused");
    }
}
