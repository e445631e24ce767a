//! Images in base64, as tables hold them.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding may be absent; some writers leave it out.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of a base64 text, with or without a `data:` prefix and white space.
///
/// # Errors
/// Says where the text stops being base64.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, String> {
    let text = text.trim_ascii();
    let text = match text.starts_with(b"data:") {
        true => text.iter().position(|byte| *byte == b',').map_or(text, |comma| &text[comma + 1..]),
        false => text,
    };
    match ENGINE.decode(text) {
        Err(_) if text.iter().any(u8::is_ascii_whitespace) => {
            let dense: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
            ENGINE.decode(dense)
        }
        decoded => decoded,
    }
    .map_err(|error| format!("the image is not base64 ({error})"))
}

/// The base64 text of some bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    ENGINE.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn the_usual_spellings_are_read() {
        for text in ["aGVsbG8=", "aGVsbG8", " aGVs\nbG8=\n", "data:image/png;base64,aGVsbG8="] {
            assert_eq!(decode(text.as_bytes()).as_deref(), Ok(b"hello".as_slice()), "{text}");
        }
        assert_eq!(encode(b"hello"), "aGVsbG8=");
        assert!(decode(b"aGVs*G8=").unwrap_err().contains("offset 4"));
    }
}
