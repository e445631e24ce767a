//! The text of a document: read with bounded depth, written on one line or indented.

use super::Json;

/// Deepest nesting that is read.
const MAX_DEPTH: u32 = 100;

/// Where a text stops being JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 1.
    pub column: usize,
    /// What was expected.
    pub reason: &'static str,
    /// Whether it is a number that JSON does not have: not finite, or too large to be.
    pub not_finite: bool,
}

/// Reads a document.
///
/// # Errors
/// The first thing that is not JSON.
pub fn parse(text: &str) -> Result<Json, JsonError> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let document = reader.value().and_then(|value| {
        reader.skip_space();
        if reader.at == text.len() { Ok(value) } else { Err("nothing more was expected") }
    });
    document.map_err(|reason| {
        let before = &text.as_bytes()[..reader.at.min(text.len())];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        JsonError {
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            column: 1 + before.len() - line_start,
            reason,
            not_finite: reason == NOT_FINITE,
        }
    })
}

const NOT_FINITE: &str = "a finite number was expected";

type Read<T> = Result<T, &'static str>;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    /// Takes `wanted` if it comes next.
    fn eat(&mut self, wanted: &str) -> bool {
        let comes =
            self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(wanted.as_bytes()));
        self.at += if comes { wanted.len() } else { 0 };
        comes
    }

    fn value(&mut self) -> Read<Json> {
        self.skip_space();
        match self.peek() {
            b'{' => self.nested(Self::object),
            b'[' => self.nested(Self::list),
            b'"' => self.string().map(Json::Text),
            _ if self.eat("null") => Ok(Json::Null),
            _ if self.eat("true") => Ok(Json::Bool(true)),
            _ if self.eat("false") => Ok(Json::Bool(false)),
            // No JSON, and yet what some writers emit.
            _ if ["NaN", "nan", "Infinity", "inf", "-Infinity", "-inf"].iter().any(|word| self.eat(word)) => {
                Err(NOT_FINITE)
            }
            _ => self.number(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Read<Json>) -> Read<Json> {
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("it is nested too deeply");
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn list(&mut self) -> Read<Json> {
        let mut values = Vec::new();
        self.skip_space();
        if !self.eat("]") {
            loop {
                values.push(self.value()?);
                if self.ends("]")? {
                    break;
                }
            }
        }
        Ok(Json::List(values))
    }

    fn object(&mut self) -> Read<Json> {
        let mut fields = Vec::new();
        self.skip_space();
        if !self.eat("}") {
            loop {
                self.skip_space();
                let key = self.string()?;
                self.skip_space();
                if !self.eat(":") {
                    return Err("a colon was expected");
                }
                fields.push((key, self.value()?));
                if self.ends("}")? {
                    break;
                }
            }
        }
        Ok(Json::Object(fields))
    }

    /// After an item: whether it was the last one.
    fn ends(&mut self, close: &str) -> Read<bool> {
        self.skip_space();
        if self.eat(close) {
            Ok(true)
        } else if self.eat(",") {
            Ok(false)
        } else {
            Err("a comma or the end of the list was expected")
        }
    }

    fn number(&mut self) -> Read<Json> {
        let start = self.at;
        self.eat("-");
        let leading_zero = self.peek() == b'0';
        let whole = self.digits();
        let mut good = whole > 0 && !(leading_zero && whole > 1);
        if self.eat(".") {
            good &= self.digits() > 0;
        }
        if self.eat("e") || self.eat("E") {
            let _ = self.eat("+") || self.eat("-");
            good &= self.digits() > 0;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        if !good {
            return Err("a value was expected");
        }
        match crate::decimal::parse(text) {
            Some(value) if value.is_finite() => Ok(Json::Number(text.to_owned())),
            _ => Err(NOT_FINITE),
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Read<String> {
        if !self.eat("\"") {
            return Err("a text in quotes was expected");
        }
        let mut string = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), b'"' | b'\\' | 0..0x20) {
                self.at += 1;
            }
            string.push_str(self.text.get(start..self.at).unwrap_or_default());
            if self.eat("\"") {
                return Ok(string);
            }
            if !self.eat("\\") {
                return Err("a text was not ended");
            }
            let escape = self.peek();
            self.at += 1;
            string.push(match escape {
                b'"' | b'\\' | b'/' => char::from(escape),
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'n' => '\n',
                b'r' => '\r',
                b't' => '\t',
                b'u' => self.unicode()?,
                _ => return Err("there is no such escape"),
            });
        }
    }

    /// The character of `\uXXXX`, or of two of them for one beyond 16 bits.
    fn unicode(&mut self) -> Read<char> {
        let high = self.hex()?;
        let code = if (0xd800..0xdc00).contains(&high) && self.eat("\\u") {
            let low = self.hex()?;
            if !(0xdc00..0xe000).contains(&low) {
                return Err(HALF);
            }
            0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)
        } else {
            high
        };
        char::from_u32(code).ok_or(HALF)
    }

    fn hex(&mut self) -> Read<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit =
                char::from(self.peek()).to_digit(16).ok_or("four hexadecimal digits were expected")?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}

const HALF: &str = "a character is cut in half";

impl Json {
    /// The text on one line, fields in their order.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(256);
        self.write(&mut text, None);
        text
    }

    /// The text with two spaces for each level.
    pub fn to_indented_text(&self) -> String {
        let mut text = String::with_capacity(1024);
        self.write(&mut text, Some(1));
        text
    }

    fn write(&self, text: &mut String, level: Option<usize>) {
        match self {
            Self::Null => text.push_str("null"),
            Self::Bool(on) => text.push_str(if *on { "true" } else { "false" }),
            Self::Number(number) => text.push_str(number),
            Self::Text(string) => quote(string, text),
            Self::List(values) => write_items(text, level, ['[', ']'], values, |text, value, inner| {
                value.write(text, inner);
            }),
            Self::Object(fields) => {
                write_items(text, level, ['{', '}'], fields, |text, (key, value), inner| {
                    quote(key, text);
                    text.push_str(if inner.is_some() { ": " } else { ":" });
                    value.write(text, inner);
                })
            }
        }
    }
}

fn write_items<T>(
    text: &mut String,
    level: Option<usize>,
    [open, close]: [char; 2],
    items: &[T],
    write: fn(&mut String, &T, Option<usize>),
) {
    text.push(open);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        new_line(text, level);
        write(text, item, level.map(|level| level + 1));
    }
    if !items.is_empty() {
        new_line(text, level.map(|level| level - 1));
    }
    text.push(close);
}

fn new_line(text: &mut String, level: Option<usize>) {
    if let Some(level) = level {
        text.push('\n');
        (0..level).for_each(|_| text.push_str("  "));
    }
}

fn quote(string: &str, text: &mut String) {
    text.push('"');
    for letter in string.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\0'..' ' => {
                text.push_str("\\u00");
                let code = u32::from(letter);
                text.push(if code < 16 { '0' } else { '1' });
                text.extend(char::from_digit(code % 16, 16));
            }
            _ => text.push(letter),
        }
    }
    text.push('"');
}
