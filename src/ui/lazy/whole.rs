//! In a page that is one piece, and on the server.

/// `lazy! { static DIALOG: fn(Props) -> AnyView = dialog(draw) }` declares the part that is called `dialog`
/// and hands out `draw`; here it is there from the beginning.
macro_rules! lazy {
    ($(#[$doc:meta])* $vis:vis static $name:ident: $type:ty = $part:ident($value:expr)) => {
        $(#[$doc])*
        $vis static $name: $crate::ui::lazy::Lazy<$type> = $crate::ui::lazy::Lazy::Here($value);
    };
}
pub(crate) use lazy;
