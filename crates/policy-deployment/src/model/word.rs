//! The words that AWS takes in an argument, as types.

/// A type with a variant for each word that AWS takes, and one for what it does not know, as it is written.
macro_rules! words {
    ($(#[$about:meta])* pub enum $name:ident { $($(#[$meaning:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$meaning])* $variant,)+
            /// Any other, as it is written.
            Other(String),
        }

        impl From<String> for $name {
            fn from(written: String) -> Self {
                match written.as_str() {
                    $($word => Self::$variant,)+
                    _ => Self::Other(written),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => $word,)+
                    Self::Other(written) => written,
                })
            }
        }
    };
}

pub(super) use words;
