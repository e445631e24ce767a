//! Python list literals: `['a', "b's", 3]`, as pandas leaves them in a text column.

/// The elements of a list literal, strings unescaped and everything else as written; none when it is no such list.
pub(crate) fn list(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let mut rest = inner.trim_start();
    let mut elements = Vec::new();
    while !rest.is_empty() {
        let (element, after) = match rest.chars().next()? {
            quote @ ('\'' | '"') => string(&rest[1..], quote)?,
            _ => {
                let end = rest.find(',').unwrap_or(rest.len());
                let bare = rest[..end].trim();
                let is_value = !bare.is_empty() && !bare.contains(['[', ']', '\'', '"']);
                (is_value.then(|| bare.to_owned())?, &rest[end..])
            }
        };
        elements.push(element);
        rest = after.trim_start();
        if let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_start();
        } else if !rest.is_empty() {
            return None;
        }
    }
    Some(elements)
}

/// The string up to its closing quote, unescaped, and what follows it.
fn string(text: &str, quote: char) -> Option<(String, &str)> {
    let plain = text.find([quote, '\\'])?;
    // Base64 is the usual case: megabytes without an escape.
    let mut out = text[..plain].to_owned();
    let mut chars = text[plain..].char_indices();
    while let Some((at, char)) = chars.next() {
        if char == quote {
            return Some((out, &text[plain + at + quote.len_utf8()..]));
        }
        if char != '\\' {
            out.push(char);
            continue;
        }
        match chars.next()?.1 {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            escaped @ ('\\' | '\'' | '"') => out.push(escaped),
            kind @ ('x' | 'u' | 'U') => {
                let digits = match kind {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let mut code = 0;
                for _ in 0..digits {
                    code = code * 16 + chars.next()?.1.to_digit(16)?;
                }
                out.push(char::from_u32(code)?);
            }
            other => out.extend(['\\', other]),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn lists_as_python_prints_them() {
        let strings = |items: &[&str]| Some(items.iter().map(|item| (*item).to_owned()).collect());
        assert_eq!(list("[]"), strings(&[]));
        assert_eq!(list("['a', \"b's\", 'c\"']"), strings(&["a", "b's", "c\""]));
        assert_eq!(
            list(" ['it\\'s', 'a\\\\b', '\\u00e9\\n', 3, 4.5,] "),
            strings(&["it's", "a\\b", "é\n", "3", "4.5"])
        );
        assert_eq!(list("['a, b', 'c]']"), strings(&["a, b", "c]"]));
        for broken in ["", "a", "['a'", "'a']", "['a' 'b']", "['a\\']", "[[1], 2]", "['\\ud800']", "[,]"] {
            assert_eq!(list(broken), None, "{broken}");
        }
    }
}
