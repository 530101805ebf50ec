//! In a page that is split.

/// `lazy! { static DIALOG: fn(Props) -> AnyView = dialog(draw) }` declares the part that is called `dialog`
/// and hands out `draw`. What only `draw` reaches is cut out of the page with it.
macro_rules! lazy {
    ($(#[$doc:meta])* $vis:vis static $name:ident: $type:ty = $part:ident($value:expr)) => {
        $(#[$doc])*
        $vis static $name: $crate::ui::lazy::Lazy<$type> = {
            #[leptos::wasm_split::wasm_split($part, wasm_split_path = leptos::wasm_split, fallible)]
            fn $part() -> Result<$type, leptos::wasm_split::SplitLoaderError> {
                Ok($value)
            }
            $crate::ui::lazy::Lazy::Apart(std::sync::OnceLock::new(), || {
                Box::pin(async {
                    match (&$name, $part().await) {
                        ($crate::ui::lazy::Lazy::Apart(there, _), Ok(came)) => {
                            there.get_or_init(|| came);
                            true
                        }
                        _ => false,
                    }
                })
            })
        };
    };
}
pub(crate) use lazy;
