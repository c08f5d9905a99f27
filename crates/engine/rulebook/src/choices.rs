//! Closed vocabularies: one table per enum, so that the words of the file and of the code cannot drift apart.

/// A word of a file that stands for one of a few things.
pub(crate) trait Choice: Copy + Sized + 'static {
    /// Every word with its meaning, in the order in which help lists them.
    const TABLE: &'static [(&'static str, Self)];

    fn from_word(word: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
    }
}

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$item_doc])* $item,)+ }

        impl $crate::choices::Choice for $name {
            const TABLE: &'static [(&'static str, Self)] = &[$(($word, Self::$item)),+];
        }
        impl $name {
            /// The word that files and screens' message keys use.
            pub fn code(self) -> &'static str {
                match self { $(Self::$item => $word,)+ }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}
pub(crate) use choices;
