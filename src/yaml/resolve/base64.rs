//! Base64 as `!!binary` has it: the standard alphabet, padding required, line breaks anywhere.

/// The bytes that `text` encodes, `None` when it is not base64. Bits left over in the last character are ignored, as Go does.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut input = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r'));
    loop {
        let Some(first) = input.next() else { return Some(bytes) };
        let (first, second) = (digit(first)?, digit(input.next()?)?);
        let (third, fourth) = (input.next()?, input.next()?);
        bytes.push(first << 2 | second >> 4);
        if third == b'=' {
            // Two characters of padding: the end.
            return (fourth == b'=' && input.next().is_none()).then_some(bytes);
        }
        let third = digit(third)?;
        bytes.push(second << 4 | third >> 2);
        if fourth == b'=' {
            return input.next().is_none().then_some(bytes);
        }
        bytes.push(third << 6 | digit(fourth)?);
    }
}

fn digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}
