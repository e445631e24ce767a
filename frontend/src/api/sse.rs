//! Server-sent events out of a stream of text that arrives in arbitrary pieces.

/// Collects pieces and hands out the data of complete events.
#[derive(Default)]
pub struct EventStream {
    rest: String,
}

impl EventStream {
    /// Takes a piece in; returns the data of every event that is complete now. Comments and other fields are skipped.
    pub fn push(&mut self, piece: &str) -> Vec<String> {
        // A carriage return only ever comes before a line feed here: the server writes the stream itself.
        self.rest.push_str(&piece.replace('\r', ""));
        let mut events = Vec::new();
        while let Some(end) = self.rest.find("\n\n") {
            let event: String = self.rest.drain(..end + 2).collect();
            let data: Vec<&str> =
                event.lines().filter_map(|line| line.strip_prefix("data:")).map(str::trim_start).collect();
            if !data.is_empty() {
                events.push(data.join("\n"));
            }
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_may_break_anywhere() {
        let text = ": hello\n\nevent: point\ndata: {\"a\":1}\n\ndata: x\ndata: y\r\n\r\n: ping\n\ndata: cut";
        for size in 1..text.len() {
            let mut stream = EventStream::default();
            let events: Vec<String> =
                text.as_bytes().chunks(size).flat_map(|p| stream.push(str::from_utf8(p).unwrap())).collect();
            assert_eq!(events, ["{\"a\":1}", "x\ny"], "pieces of {size}");
        }
    }
}
