//! Types from documents and into them.

use super::Json;

/// Why a document is not what a type is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unreadable {
    path: String,
}

impl Unreadable {
    /// The same, one level further out.
    #[must_use]
    #[inline(never)]
    pub fn within(self, key: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self { path: [key, dot, &self.path].concat() }
    }
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("missing or of the wrong type: ")?;
        f.write_str(&self.path)
    }
}

/// What can be made from a document.
pub trait FromJson: Sized {
    /// The value of a document that is not null.
    ///
    /// # Errors
    /// When it is not what a value is made from.
    fn from_json(json: &Json) -> Result<Self, Unreadable>;

    /// What it means that there is none.
    ///
    /// # Errors
    /// When there must be one.
    fn absent() -> Result<Self, Unreadable> {
        Err(Unreadable::default())
    }
}

/// What can be made into a document.
pub trait ToJson {
    /// The document.
    fn to_json(&self) -> Json;
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        T::from_json(json).map(Some)
    }

    fn absent() -> Result<Self, Unreadable> {
        Ok(None)
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::to_json)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        let Json::List(values) = json else { return Err(Unreadable::default()) };
        let mut all = Self::new();
        for value in values {
            all.push(T::from_json(value)?);
        }
        Ok(all)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Json {
        Json::List(self.iter().map(T::to_json).collect())
    }
}

impl FromJson for String {
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        json.as_str().map(str::to_owned).ok_or_else(Unreadable::default)
    }
}

impl ToJson for String {
    fn to_json(&self) -> Json {
        Json::Text(self.clone())
    }
}

impl FromJson for bool {
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        match json {
            Json::Bool(on) => Ok(*on),
            _ => Err(Unreadable::default()),
        }
    }
}

impl ToJson for bool {
    fn to_json(&self) -> Json {
        Json::Bool(*self)
    }
}

impl FromJson for f64 {
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        json.as_f64().ok_or_else(Unreadable::default)
    }
}

impl ToJson for f64 {
    /// To six decimals; null where it is not finite.
    fn to_json(&self) -> Json {
        if self.is_finite() { Json::Number(crate::decimal::shortest(*self)) } else { Json::Null }
    }
}

impl FromJson for f32 {
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        f64::from_json(json).map(|value| value as Self)
    }
}

impl ToJson for f32 {
    fn to_json(&self) -> Json {
        f64::from(*self).to_json()
    }
}

macro_rules! whole_numbers {
    ($($type:ty: $read:ident,)*) => {$(
        impl FromJson for $type {
            fn from_json(json: &Json) -> Result<Self, Unreadable> {
                json.$read().and_then(|value| value.try_into().ok()).ok_or_else(Unreadable::default)
            }
        }

        impl ToJson for $type {
            fn to_json(&self) -> Json {
                Json::Number(self.to_string())
            }
        }
    )*};
}

whole_numbers! {
    u8: as_u64,
    u32: as_u64,
    u64: as_u64,
    usize: as_u64,
    i32: as_i64,
}

/// Declares a struct as an object of its fields, under their own names.
#[macro_export]
macro_rules! json_struct {
    ($($type:ident { $($field:ident),+ $(,)? })+) => {$(
        impl $crate::json::ToJson for $type {
            fn to_json(&self) -> $crate::json::Json {
                $crate::json::Json::object([$((stringify!($field), $crate::json::ToJson::to_json(&self.$field))),+])
            }
        }

        impl $crate::json::FromJson for $type {
            fn from_json(json: &$crate::json::Json) -> Result<Self, $crate::json::Unreadable> {
                Ok(Self { $($field: json.field(stringify!($field))?),+ })
            }
        }
    )+};
}

/// Declares an enum without fields as a text for each of its values.
#[macro_export]
macro_rules! json_words {
    ($($type:ident { $($variant:ident = $word:literal),+ $(,)? })+) => {$(
        impl $crate::json::ToJson for $type {
            fn to_json(&self) -> $crate::json::Json {
                $crate::json::Json::Text(match self { $(Self::$variant => $word),+ }.to_owned())
            }
        }

        impl $crate::json::FromJson for $type {
            fn from_json(json: &$crate::json::Json) -> Result<Self, $crate::json::Unreadable> {
                const WORDS: &[(&str, $type)] = &[$(($word, $type::$variant)),+];
                let known = WORDS.iter().find(|(word, _)| json.as_str() == Some(word));
                known.map(|(_, value)| *value).ok_or_else(Default::default)
            }
        }
    )+};
}

/// Declares an enum as an object that names its variant in the field `$tag` and has the variant's fields beside it. A
/// variant of one unnamed value has that value's fields.
#[macro_export]
macro_rules! json_tagged {
    ($type:ident by $tag:literal {
        $($variant:ident = $word:literal $(($inner:ident))? $({ $($field:ident),+ })?),+ $(,)?
    }) => {
        impl $crate::json::ToJson for $type {
            fn to_json(&self) -> $crate::json::Json {
                let (word, fields) = match self {
                    $(Self::$variant $(($inner))? $({ $($field),+ })? => (
                        $word,
                        $crate::json_tagged!(@fields $($inner)? $($($field)+)?; $($inner)?),
                    )),+
                };
                fields.tagged($tag, word)
            }
        }

        impl $crate::json::FromJson for $type {
            fn from_json(json: &$crate::json::Json) -> Result<Self, $crate::json::Unreadable> {
                match json.get($tag).and_then($crate::json::Json::as_str) {
                    $(Some($word) => Ok(Self::$variant
                        $(($crate::json_tagged!(@read $inner json)))?
                        $({ $($field: json.field(stringify!($field))?),+ })?),)+
                    _ => Err($crate::json::Unreadable::default().within($tag)),
                }
            }
        }
    };
    (@fields $inner:ident; $same:ident) => { $crate::json::ToJson::to_json($inner) };
    (@fields $($field:ident)*;) => {
        $crate::json::Json::object([$((stringify!($field), $crate::json::ToJson::to_json($field))),*])
    };
    (@read $inner:ident $json:ident) => { $crate::json::FromJson::from_json($json)? };
}

impl<T: ToJson> ToJson for Box<T> {
    fn to_json(&self) -> Json {
        T::to_json(self)
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        T::from_json(json).map(Self::new)
    }
}

impl Json {
    /// The same object with a first field more.
    pub fn tagged(self, tag: &str, word: &str) -> Self {
        let mut all = vec![(tag.to_owned(), Self::Text(word.to_owned()))];
        if let Self::Object(fields) = self {
            all.extend(fields);
        }
        Self::Object(all)
    }
}
